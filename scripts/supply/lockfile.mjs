// What a lock file must not hold, and the tree that a user of the package installs.

/**
 * @typedef {object} Locked
 * @property {string} [version]
 * @property {string} [alias] the name that it really has
 * @property {string} [resolved]
 * @property {string} [integrity]
 * @property {string} [license]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {boolean} [link]
 * @property {boolean} [inBundle]
 * @property {boolean} [hasInstallScript]
 * @typedef {{ lockfileVersion: number, packages: Record<string, Locked & { name?: string }> }} Lock
 * @typedef {Locked & { place: string, name: string }} Installed
 */

/** Permissive ones, which ask for nothing but their text to be kept. */
export const LICENCES = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
];

const REGISTRY = 'https://registry.npmjs.org/';

/** All but the project itself. @param {Lock} lock @returns {Installed[]} */
export function installedIn({ packages }) {
  return Object.entries(packages)
    .filter(([place]) => place !== '')
    .map(([place, { name: alias, ...locked }]) => ({
      ...locked,
      ...(alias !== undefined && { alias }),
      place,
      name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
    }));
}

/** What comes with the package, optional ones too. @param {Lock} lock */
export function runtimeIn(lock) {
  return installedIn(lock).filter(({ dev }) => dev !== true);
}

/** @param {Lock} lock @returns {string[]} in words; empty where it is clean */
export function problemsOf(lock) {
  if (lock.lockfileVersion !== 3) return [`lockfileVersion is ${lock.lockfileVersion}, not 3`];
  return [
    ...installedIn(lock).flatMap(sourceProblems),
    ...runtimeIn(lock).flatMap(runtimeProblems),
  ];
}

/** Of all packages, those of development too: they run on our machines. @param {Installed} locked */
function sourceProblems({ place, name, alias, version, resolved, integrity, link, inBundle }) {
  if (link === true) return [`${place} is a link to a folder`];
  if (inBundle === true) return [`${place} comes inside of another package`];
  const problems = [];
  const file = name.slice(name.indexOf('/') + 1);
  if (alias !== undefined && alias !== name) problems.push(`${place} is really ${alias}`);
  // Where none is written, it is asked of the registry by its name and version.
  if (resolved !== undefined && resolved !== `${REGISTRY}${name}/-/${file}-${version}.tgz`) {
    problems.push(`${place} comes from ${resolved}, which is not its place in the registry`);
  }
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')) {
    problems.push(`${place} has no SHA-512 to be checked against`);
  }
  return problems;
}

/** @param {Installed} locked */
function runtimeProblems({ place, license, hasInstallScript }) {
  const problems = [];
  if (hasInstallScript === true) problems.push(`${place} runs a script when it is installed`);
  if (!LICENCES.includes(license ?? '')) {
    problems.push(
      `${place} has the licence ${license ?? 'none'}, which is not among ${LICENCES.join(', ')}`,
    );
  }
  return problems;
}
