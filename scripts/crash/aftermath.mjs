// What the commands make of a run that was killed.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { linesOf } from './journals.mjs';
import { journalsIn } from './killed-run.mjs';

/** @typedef {{ name: string, args: (run: string, results: string) => string[], codes: readonly number[], says?: RegExp }} Trial */

const GATE = ['--threshold', 'error_rate<0.9'];

/** Refused where there is nothing to work on: 2 with a message. @type {readonly Trial[]} */
const READERS = [
  {
    name: 'export',
    args: (run, dir) => ['export', run, '--results', dir, '--to', 'json'],
    codes: [0],
  },
  {
    name: 'csv',
    args: (run, dir) => ['export', run, '--results', dir, '--to', 'requests-csv'],
    codes: [0],
  },
  { name: 'show', args: (run, dir) => ['show', run, '-o', dir], codes: [0] },
  { name: 'compare', args: (run, dir) => ['compare', run, '-o', dir], codes: [0, 2] },
  {
    name: 'recompute',
    args: (run, dir) => ['recompute', run, '--results', dir, '-o', path.join(dir, '..', 'again')],
    codes: [0, 2],
  },
  {
    name: 'recompute --grade',
    args: (run, dir) => [
      'recompute',
      run,
      '--results',
      dir,
      '--grade',
      '-o',
      path.join(dir, '..', 'graded'),
    ],
    codes: [0, 2],
  },
  {
    name: 'latest',
    args: (_run, dir) => ['export', 'latest', '--results', dir, '--to', 'csv'],
    codes: [0, 2],
  },
];

/** @type {readonly Trial[]} */
const GATES = [
  {
    name: 'check',
    args: (run, dir) => ['check', run, '-o', dir, ...GATE],
    codes: [3],
    says: /partial/,
  },
  {
    name: 'check --baseline',
    args: (run, dir) => ['check', run, '-o', dir, '--baseline', run],
    codes: [3],
    says: /partial/,
  },
  {
    name: 'baseline add',
    args: (run, dir) => [
      'baseline',
      'add',
      run,
      '--output',
      dir,
      '--dir',
      path.join(dir, '..', 'bl'),
    ],
    codes: [3],
    says: /partial/,
  },
];

/**
 * @param {string} folder of the run
 * @param {string} results
 * @param {import('./killed-run.mjs').Commands} commands
 * @param {number} number of the kill; which commands are tried goes round with it
 * @returns {Promise<{ state: 'none' | 'partial' | 'complete', problems: string[] }>}
 */
export async function aftermathOf(folder, results, commands, number) {
  const state = stateOf(folder);
  /** @type {string[]} */
  const problems = [];
  /** @param {Trial} trial @param {readonly number[]} codes @param {RegExp} [says] */
  const attempt = async ({ name, args }, codes, says) => {
    const { code, stdout, stderr } = await commands.run(args(folder, results));
    const said = `${stdout}\n${stderr}`;
    const told = stderr.trim().split('\n').slice(0, 4).join(' | ');
    if (!codes.includes(code)) problems.push(`${name} of a ${state} run ended ${code}: ${told}`);
    else if (/should not have happened|\n\s+at .*:\d+:\d+/.test(said))
      problems.push(`${name}: ${told}`);
    else if (code === 2 && !/^tokentape: .+/m.test(stderr))
      problems.push(`${name} says nothing: ${told}`);
    else if (says !== undefined && !says.test(said)) problems.push(`${name} does not say ${says}`);
  };
  /** @type {Trial} */
  const list = { name: 'list', args: (_run, dir) => ['list', '-o', dir], codes: [0] };
  const isThere = state === 'none' ? undefined : new RegExp(`${path.basename(folder)}.*${state}`);
  await attempt(list, list.codes, isThere);
  const reader = /** @type {Trial} */ (READERS[number % READERS.length]);
  await attempt(reader, state === 'none' ? [2] : reader.codes);
  const gate = /** @type {Trial} */ (GATES[number % GATES.length]);
  if (state === 'partial') await attempt(gate, gate.codes, gate.says);
  else await attempt(gate, state === 'none' ? [2] : [0, 2, 4]);
  return { state, problems };
}

/** @param {string} folder @returns {'none' | 'partial' | 'complete'} */
export function stateOf(folder) {
  const file = path.join(folder, 'manifest.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).state : 'none';
}

/**
 * Whether a resumed run is whole: complete, and each planned request there once.
 * @param {string} folder
 * @returns {string[]} what is wrong with it
 */
export function shortcomingsOf(folder) {
  const problems = [];
  if (stateOf(folder) !== 'complete')
    problems.push(`it is ${stateOf(folder)} after it was resumed`);
  const plan = gunzipSync(readFileSync(path.join(folder, 'plan.ndjson.gz'))).toString('utf8');
  const lines = plan
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const planned = lines.flatMap(({ request_id }) => request_id ?? []);
  const journal = linesOf(journalsIn(folder).get('requests.ndjson') ?? Buffer.alloc(0));
  const recorded = journal.lines.map((line) => JSON.parse(line).request_id);
  if (new Set(recorded).size !== recorded.length) problems.push('a request has two records');
  const missing = planned.filter((id) => !recorded.includes(id));
  const unplanned = recorded.filter((id) => !planned.includes(id));
  if (missing.length > 0)
    problems.push(`${missing.length} planned requests have no record: ${missing[0]}`);
  if (unplanned.length > 0) problems.push(`${unplanned.length} records are of nothing planned`);
  if (journal.rest !== '') problems.push('its journal ends in a broken line');
  return problems;
}
