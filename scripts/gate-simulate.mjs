// `npm run gate:simulate -- [--quick] [--only NAME,…] [--checks N]`: the gate's own error rates, by
// simulation, written between the markers of docs/gate.md and docs/baselines.md. Seeded: the same sources and Node give the
// same figures. `--quick` is a short pass that writes nothing. Exit 1 where a promise is not kept.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { outcomeOf, promisesTable } from './gate/promises.mjs';
import { runSection } from './gate/run.mjs';
import { SECTIONS } from './gate/sections.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    checks: { type: 'string' },
  },
});
const quick = values.quick === true;
const names = values.only?.split(',') ?? SECTIONS.map(({ name }) => name);
const sections = SECTIONS.filter(({ name }) => names.includes(name));
if (sections.length < names.length) {
  const known = SECTIONS.map(({ name }) => name).join(', ');
  throw new Error(`--only ${values.only}: known are ${known}`);
}
const startedMs = performance.now();

const checks = values.checks === undefined ? undefined : Number(values.checks);
let kept = true;
// One after the other, each written as it ends: nothing is lost if the next is interrupted.
for (const section of sections) {
  const results = await runSection(section, { quick, checks }, showProgress());
  const promises = section.promises(results);
  const reached = promises.length > 0 ? [promisesTable(promises, quick)] : [];
  kept &&= promises.every((one) => outcomeOf(one, quick) !== 'MISSED');
  if (reached.length > 0) console.log(`${section.title}\n${reached}\n`);
  if (!quick) {
    const blocks = [madeBy(section, results), ...reached, section.report(results)];
    write(section, blocks.join('\n\n'));
  }
}
const minutes = (performance.now() - startedMs) / 60_000;
console.error(`${minutes.toFixed(1)} minutes`);
if (!kept) {
  console.error('error: a promise of docs/gate.md is not kept; see MISSED above');
  process.exitCode = 1;
}

/**
 * @param {import('./gate/sections.mjs').Section<any>} section
 * @param {string} text
 */
function write({ name, document: file = 'docs/gate.md' }, text) {
  const document = new URL(`../${file}`, import.meta.url);
  const before = readFileSync(document, 'utf8');
  const [start, end] = [`<!-- gate:${name} -->`, `<!-- /gate:${name} -->`];
  const from = before.indexOf(start);
  const to = before.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} has no place for ${name}: ${start} … ${end}`);
  writeFileSync(
    document,
    `${before.slice(0, from + start.length)}\n\n${text}\n\n${before.slice(to)}`,
  );
}

/**
 * @param {import('./gate/sections.mjs').Section<any>} section
 * @param {import('./gate/sections.mjs').Result<any>[]} of
 */
function madeBy({ name }, of) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const checks = (of[0]?.checks ?? 0).toLocaleString('en-US');
  return (
    `${checks} simulated checks in each cell. Made by \`npm run gate:simulate -- --only ${name}${values.checks === undefined ? '' : ` --checks ${values.checks}`}\` on ` +
    `${new Date().toISOString().slice(0, 10)} with tokentape ${version} and Node ${process.versions.node}; seeded, so that it can be had again.`
  );
}

/** One line on a terminal, and a line every ten seconds elsewhere. */
function showProgress() {
  let shownMs = 0;
  return (/** @type {string} */ text) => {
    const nowMs = performance.now();
    const everyMs = process.stderr.isTTY ? 100 : 10_000;
    if (nowMs - shownMs < everyMs) return;
    shownMs = nowMs;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  };
}
