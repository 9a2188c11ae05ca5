// What is drawn for one kill: which run, when it dies, and what of it survives.
import { createHash } from 'node:crypto';

/** @typedef {'first' | 'sending' | 'grading' | 'last'} Moment */
/**
 * @typedef {object} Kill
 * @property {Scenario} scenario
 * @property {Moment} moment
 * @property {number} share 0 to 1: how far into that moment
 * @property {boolean} losesPower whether all that was not synced goes with it
 * @property {boolean} isResumed whether it is then run to its end
 * @property {boolean} diesResuming whether that is killed first
 */
/** @typedef {{ name: string, args: string[], requests: number, isGraded: boolean }} Scenario */

const TWO_MODELS = ['-m', 'DeepSeek-R1', 'Llama-3.1-8B-Instruct', '-t', 'simulator'];

/** Small runs that between them write every file of a run's folder. @type {readonly Scenario[]} */
export const SCENARIOS = [
  {
    name: 'plain',
    args: ['-s', 'reasoning', '-n', '60', '-j', '4', ...TWO_MODELS],
    requests: 120,
    isGraded: false,
  },
  {
    name: 'conversations',
    args: ['-s', 'chat', '-n', '24', '-j', '3', '-w', '2', ...TWO_MODELS],
    requests: 48,
    isGraded: false,
  },
  {
    name: 'code',
    args: ['-s', 'code', '-n', '6', '--run-code', '--run-javascript', ...TWO_MODELS],
    requests: 12,
    isGraded: true,
  },
];

const MOMENTS = /** @type {const} */ (['first', 'sending', 'sending', 'grading', 'last']);

/**
 * The same seed and number always draw the same.
 * @param {string} seed
 * @param {number} number
 * @returns {Kill}
 */
export function drawKill(seed, number) {
  const bytes = createHash('sha256').update(`${seed}/${number}`).digest();
  const share = (/** @type {number} */ at) => bytes.readUInt32BE(at) / 2 ** 32;
  const pick = (/** @type {readonly any[]} */ of, /** @type {number} */ at) =>
    of[Math.floor(share(at) * of.length)];
  /** @type {Scenario} */
  const scenario = pick(SCENARIOS, 0);
  /** @type {Moment} */
  const drawn = pick(MOMENTS, 4);
  return {
    scenario,
    moment: drawn === 'grading' && !scenario.isGraded ? 'sending' : drawn,
    share: share(8),
    losesPower: share(12) < 0.2,
    isResumed: share(16) < 0.25,
    diesResuming: share(20) < 0.4,
  };
}
