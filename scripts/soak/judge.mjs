// What is promised of a long run, and whether it was kept.
import { EXPECTED } from './faults.mjs';
import { median, stretches, theilSen } from './slope.mjs';

/**
 * @typedef {import('./sample.mjs').Sample} Sample
 * @typedef {object} Facts
 * @property {number} durationS
 * @property {number} streams
 * @property {string} seed
 * @property {{ code: number | null, stdout: string, stderr: string }} ended
 * @property {import('./account.mjs').Account} account
 * @property {Omit<Sample, 'atMs'> | null} atRest the simulator before anybody asked it
 * @property {Omit<Sample, 'atMs'> | null} left the simulator once nobody asked it any more
 * @property {number[]} inFlight
 * @property {string} heap
 * @property {Map<string, Sample[]>} samples
 * @property {import('./stored.mjs').Stored | null} stored
 * @typedef {object} Promised
 * @property {string} promise
 * @property {string} wanted
 * @property {string} got
 * @property {boolean | null} kept `null`: not judged, as too short or not to be had here
 */

/** A trend wants a while to be told from the first minutes' growth. */
const JUDGED_FROM_S = 600;
const STRETCH_S = 30;
/**
 * What a run keeps of each request: some twenty columns of eight bytes, whose room doubles when it is
 * full. Garbage that is not collected yet comes on top, whatever the number of requests.
 */
const KEPT_BYTES = 512;
const SLACK_MIB = 16;
const FDS_SLACK = 2;
/** Files, pipes, event loops and threads, beside a socket for each stream. */
const FDS_BESIDE_STREAMS = 64;
const MIB = 2 ** 20;

/** The last two thirds of the run, without its end. @param {Facts} facts @param {string} name */
export function windowOf({ samples, durationS }, name) {
  return (samples.get(name) ?? []).filter(
    ({ atMs }) => atMs >= (durationS * 1000) / 3 && atMs <= durationS * 1000,
  );
}

/**
 * @param {Sample[]} window
 * @param {'rssMib' | 'pssMib' | 'fds' | 'threads'} what
 */
export function trendOf(window, what) {
  const points = stretches(
    window.map((sample) => /** @type {const} */ ([sample.atMs / 1000, sample[what]])),
    STRETCH_S,
    median,
  );
  if (points.length < 3) return null;
  const { slope, low, high } = theilSen(points);
  const [first, last] = [points[0], points.at(-1)];
  const spanS = (last?.[0] ?? 0) - (first?.[0] ?? 0);
  return { perHour: slope * 3600, low: low * 3600, high: high * 3600, growth: slope * spanS };
}

/** @param {Facts} facts @returns {Promised[]} */
export function judge(facts) {
  return [
    ...['tokentape', 'simulator'].flatMap((name) => [
      memory(facts, name),
      descriptors(facts, name),
    ]),
    closedSockets(facts),
    accounts(facts),
    falseSuccesses(facts),
    exitCode(facts),
    quiet(facts),
    ...(facts.stored === null ? [] : [readable(facts.stored)]),
  ];
}

/** @param {Facts} facts @param {string} name @returns {Promised} */
function memory(facts, name) {
  const trend = trendOf(windowOf(facts, name), 'rssMib');
  const keptMib = name === 'tokentape' ? (KEPT_BYTES * facts.account.records * 2) / 3 / MIB : 0;
  const mostMib = SLACK_MIB + keptMib;
  return {
    promise: `memory of ${name} is flat after warm-up`,
    wanted: `≤ ${mostMib.toFixed(0)} MiB more over the last two thirds`,
    got: trend === null ? 'not sampled' : `${trend.growth.toFixed(1)} MiB`,
    kept: trend === null || facts.durationS < JUDGED_FROM_S ? null : trend.growth <= mostMib,
  };
}

/** @param {Facts} facts @param {string} name @returns {Promised} */
function descriptors(facts, name) {
  const window = windowOf(facts, name);
  const trend = trendOf(window, 'fds');
  const most = facts.streams + FDS_BESIDE_STREAMS;
  const peak = Math.max(...window.map(({ fds }) => fds));
  const grown = trend?.growth ?? 0;
  return {
    promise: `file descriptors of ${name} are flat`,
    wanted: `≤ ${most}, ≤ ${FDS_SLACK} more over the last two thirds`,
    got: window.length === 0 ? 'not sampled' : `at most ${peak}, ${grown.toFixed(1)} more`,
    // A few stretches have no trend.
    kept:
      window.length === 0
        ? null
        : peak <= most && (facts.durationS < JUDGED_FROM_S || grown <= FDS_SLACK),
  };
}

/** @param {Facts} facts @returns {Promised} */
function closedSockets({ atRest, left }) {
  return {
    promise: 'no socket is left open in the simulator, and none that it answers',
    wanted: `${atRest?.sockets ?? 'n/a'} sockets, as before`,
    got: `${left?.sockets ?? 'n/a'} sockets`,
    kept: atRest === null || left === null ? null : left.sockets <= atRest.sockets,
  };
}

/** @param {Facts} facts @returns {Promised} */
function accounts({ account: { records, tapes, served, mistakes } }) {
  return {
    promise:
      'planned = ok + failed + … + skipped; journal = tapes = what the simulator was asked; each in its class',
    wanted: 'no mistake',
    got: `${records} records, ${tapes} tapes, ${served} attempts served, ${mistakes.length} mistakes`,
    kept: records > 0 && mistakes.length === 0,
  };
}

/** @param {Facts} facts @returns {Promised} */
function falseSuccesses({ account: { mistakes, faults } }) {
  const failing = Object.entries(faults).filter(
    ([fault]) => fault !== 'none' && !EXPECTED[fault]?.classes.includes('ok'),
  );
  const befallen = failing.reduce((sum, [, times]) => sum + times, 0);
  const wrong = mistakes.filter((text) => / is ok /.test(text)).length;
  return {
    promise: 'no reply that a fault spoilt is called ok',
    wanted: '0',
    got: `${wrong} of ${befallen}, by ${failing.length} faults`,
    kept: wrong === 0 && befallen > 0,
  };
}

/** @param {Facts} facts @returns {Promised} */
function exitCode({ ended, account: { manifest } }) {
  const { verdict } = manifest.validity;
  const wanted = verdict === 'invalid' ? 3 : 0;
  return {
    promise: 'the exit code says what the run is',
    wanted: `${wanted} (the client was ${verdict === 'invalid' ? 'too slow on this machine' : 'fast enough'})`,
    got: String(ended.code),
    kept: ended.code === wanted,
  };
}

/** @param {Facts} facts @returns {Promised} */
function quiet({ ended: { stderr } }) {
  const found = /.*(?:Warning|Unhandled|Uncaught|\n\s+at ).*/.exec(stderr);
  return {
    promise: 'nothing goes unhandled: no warning of the runtime, no stack',
    wanted: 'none',
    got: found?.[0]?.trim() ?? 'none',
    kept: found === null,
  };
}

/** @param {import('./stored.mjs').Stored} stored @returns {Promised} */
function readable({ reads }) {
  const failed = reads.filter(({ code }) => code !== 0);
  return {
    promise: 'the run can be exported, compared and derived again',
    wanted: 'exit 0',
    got: failed.map(({ command, code }) => `${command}: ${code}`).join(', ') || 'exit 0',
    kept: failed.length === 0,
  };
}
