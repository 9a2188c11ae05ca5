// Whether all of a soak is accounted for: what the simulator says it committed, held against what the
// run says became of it.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { passOf } from '../../dist/plan/repeat.js';
import { readPlan } from '../../dist/store/plan-file.js';
import { openRun, readRecords, readTapes } from '../../dist/store/read.js';
import { EXPECTED } from './faults.mjs';

/**
 * @typedef {import('../../src/simulator/stats.ts').SimulatedRequest} Served
 * @typedef {object} Account
 * @property {number} records
 * @property {number} tapes
 * @property {number} served completions that the simulator began to answer
 * @property {Record<string, number>} outcomes
 * @property {Record<string, number>} faults by name, of the attempts that decided
 * @property {string[]} mistakes what does not add up, in words; empty where all does
 * @property {import('../../src/store/types.ts').Manifest} manifest
 * @property {string} runPath
 */

/** More than so many of one kind say nothing new. */
const MISTAKES_MOST = 20;

/** @param {string} folder @param {string} logFile @returns {Promise<Account>} */
export async function accountFor(folder, logFile) {
  const run = await openRun('latest', path.join(folder, 'results'));
  const served = await readServed(logFile);
  const plan = await readPlan(run);
  /** @type {string[]} */
  const mistakes = [];
  const mistake = (/** @type {string} */ text) => {
    if (mistakes.length < MISTAKES_MOST) mistakes.push(text);
  };
  /** @type {Map<string, Record<string, number>>} */
  const rows = new Map();
  /** @type {Record<string, number>} */
  const outcomes = {};
  /** @type {Record<string, number>} */
  const faults = {};
  const ids = new Set();
  const matched = new Set();
  for await (const record of readRecords(run)) {
    const { request_id, outcome, model } = record;
    if (ids.has(request_id)) mistake(`${request_id} is in the journal twice`);
    ids.add(request_id);
    count(outcomes, outcome);
    const row = rows.get(model) ?? {};
    rows.set(model, row);
    count(row, outcome);
    const key = keyOf(plan, record);
    matched.add(key);
    const attempts = served.get(key) ?? [];
    const last = attempts.at(-1);
    count(faults, last?.fault ?? 'none');
    if (last === undefined) {
      mistake(`${request_id} is ${outcome}, and the simulator never saw it`);
    } else if (!allowed(last).includes(outcome)) {
      mistake(
        `${request_id} is ${outcome} (${record.error_message}) where the simulator's ` +
          `${last.fault ?? 'whole reply'} must end in ${allowed(last).join(' or ')}`,
      );
    }
    if (attempts.length > 1 + record.stale_socket_redials) {
      mistake(`${request_id} was sent ${attempts.length} times, and tells of fewer`);
    }
  }
  for (const key of served.keys()) {
    if (!matched.has(key)) mistake(`the simulator answered ${key}, which is in no record`);
  }
  let tapes = 0;
  for await (const tape of readTapes(run)) {
    tapes += 1;
    if (!ids.has(tape.requestId)) mistake(`the tape of ${tape.requestId} is of no record`);
  }
  if (tapes !== ids.size) mistake(`${ids.size} records, ${tapes} tapes`);
  checkRows(JSON.parse(await readFile(path.join(run.path, 'summary.json'), 'utf8')), rows, mistake);
  if (run.manifest.state !== 'complete') mistake(`the run is ${run.manifest.state}`);
  const attempts = [...served.values()].reduce((sum, all) => sum + all.length, 0);
  return {
    records: ids.size,
    tapes,
    served: attempts,
    outcomes,
    faults,
    mistakes,
    manifest: run.manifest,
    runPath: run.path,
  };
}

/** @param {Served} served */
function allowed({ fault }) {
  return fault === null ? ['ok'] : (EXPECTED[fault]?.classes ?? []);
}

/** A request as both sides know it: the nonce of its conversation, and its turn. @param {Map<string, import('../../src/plan/types.ts').PlannedRequest>} plan @param {import('../../src/metrics/types.ts').RequestRecord} record */
function keyOf(plan, { request_id, turn }) {
  const { plannedId, pass } = passOf(request_id);
  const nonce = plan.get(plannedId)?.nonce;
  return `${nonce}${pass === 0 ? '' : `.${pass}`} turn ${turn}`;
}

/**
 * planned = ok + failed + dropped + cancelled + skipped + lost, and each is what the journal says.
 * @param {{ rows: import('../../src/metrics/types.ts').SummaryRow[] }} summary
 * @param {Map<string, Record<string, number>>} journal
 * @param {(text: string) => void} mistake
 */
function checkRows({ rows }, journal, mistake) {
  const total = (/** @type {Record<string, number>} */ counts) =>
    Object.values(counts).reduce((sum, one) => sum + one, 0);
  for (const { model, requests, failures, skipped_reason } of rows) {
    // The request that found a model closed is told in the row's reason, and counted nowhere else.
    if (skipped_reason?.startsWith('not subscribed') && requests.skipped === requests.planned)
      continue;
    const counted = journal.get(model) ?? {};
    const { planned, ok, failed, dropped, cancelled, skipped, lost } = requests;
    if (planned !== ok + failed + dropped + cancelled + skipped + lost) {
      mistake(`${model}: ${planned} planned, and ${JSON.stringify(requests)}`);
    }
    if (planned - skipped !== total(counted)) {
      mistake(`${model}: ${planned - skipped} sent, ${total(counted)} in the journal`);
    }
    for (const [outcome, times] of Object.entries({ ...failures, ok })) {
      if ((counted[outcome] ?? 0) !== times) {
        mistake(`${model}: ${times} ${outcome}, ${counted[outcome] ?? 0} in the journal`);
      }
    }
  }
}

/** @param {Record<string, number>} counts @param {string} name */
function count(counts, name) {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** @param {string} file @returns {AsyncGenerator<any>} */
async function* jsonLines(file) {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line !== '') yield JSON.parse(line);
  }
}

/** The attempts at each request, in the order they ended. @param {string} logFile */
async function readServed(logFile) {
  /** @type {Map<string, Served[]>} */
  const served = new Map();
  for await (const line of jsonLines(logFile)) {
    const key = `${line.nonce} turn ${line.turn}`;
    served.set(key, [...(served.get(key) ?? []), line]);
  }
  return served;
}
