// The bill of materials that npm writes, and whether it is whole.
import { runtimeIn } from './lockfile.mjs';

/** @typedef {'cyclonedx' | 'spdx'} Format */

/**
 * @param {any} bill as npm wrote it
 * @param {Format} format
 * @param {import('./lockfile.mjs').Lock} lock
 * @param {{ name: string, version: string }} self
 * @returns {string[]} what is wrong with it; empty where it is whole
 */
export function billProblems(bill, format, lock, self) {
  const { kind, own, parts } = format === 'spdx' ? spdxParts(bill) : cyclonedxParts(bill);
  const problems = [...kind];
  if (own !== `pkg:npm/${self.name}@${self.version}`) problems.push(`it is of ${own}`);
  const wanted = new Map(runtimeIn(lock).map((one) => [purlOf(one), one]));
  for (const [purl, { integrity }] of wanted) {
    const part = parts.get(purl);
    if (part === undefined) problems.push(`${purl} is not in it`);
    else if (part.sha512 !== hexOf(integrity ?? '')) problems.push(`${purl} has another checksum`);
    else if (!part.licensed) problems.push(`${purl} has no licence`);
  }
  for (const purl of parts.keys()) if (!wanted.has(purl)) problems.push(`${purl} is not installed`);
  return problems;
}

/** @typedef {{ kind: string[], own: string, parts: Map<string, { sha512: string, licensed: boolean }> }} Bill */

/** @param {any} bill @returns {Bill} */
function cyclonedxParts({ bomFormat, specVersion, serialNumber, metadata, components }) {
  const kind = [];
  if (bomFormat !== 'CycloneDX' || !/^1\.[5-9]$/.test(specVersion)) kind.push('it is no CycloneDX');
  if (!/^urn:uuid:[\da-f-]{36}$/.test(serialNumber)) kind.push('it has no serial number');
  const parts = new Map();
  for (const { purl, hashes = [], licenses = [] } of components) {
    const sha512 = hashes.find((/** @type {any} */ { alg }) => alg === 'SHA-512')?.content ?? '';
    parts.set(purl, { sha512, licensed: licenses.length > 0 });
  }
  return { kind, own: metadata?.component?.purl ?? 'nothing', parts };
}

/** @param {any} bill @returns {Bill} */
function spdxParts({ spdxVersion, documentNamespace, documentDescribes = [], packages }) {
  const kind = [];
  if (!/^SPDX-2\.\d$/.test(spdxVersion)) kind.push('it is no SPDX');
  if (!URL.canParse(documentNamespace)) kind.push('it has no namespace');
  const parts = new Map();
  let own = 'nothing';
  for (const { SPDXID, externalRefs = [], checksums = [], licenseDeclared } of packages) {
    const purl = externalRefs.find(
      (/** @type {any} */ { referenceType }) => referenceType === 'purl',
    );
    if (documentDescribes.includes(SPDXID)) {
      own = purl?.referenceLocator;
      continue;
    }
    const sha512 = checksums.find((/** @type {any} */ { algorithm }) => algorithm === 'SHA512');
    const licensed = ![undefined, 'NOASSERTION', 'NONE'].includes(licenseDeclared);
    parts.set(purl?.referenceLocator, { sha512: sha512?.checksumValue ?? '', licensed });
  }
  return { kind, own, parts };
}

/** @param {{ name: string, version?: string }} of */
function purlOf({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** @param {string} integrity as a lock file has it */
function hexOf(integrity) {
  return Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
}
