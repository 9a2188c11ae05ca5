// What the capture path has to reach, read off the figures: one row a promise.
import { REFERENCE } from './figures.mjs';

const KIB = 1024;

/**
 * A promise beside its figure; `null` where nobody measured it.
 * @typedef {{what: string, target: string, measured: string | null, reached: boolean | null}} Promised
 */

/**
 * @param {import('./figures.mjs').Compared[]} compared
 * @returns {Promised[]}
 */
export function captureTargets(compared) {
  const paced = figuresAt(compared, 'paced10k');
  const held = figuresAt(compared, 'held5000');
  /**
   * @param {keyof typeof NAMES} client
   * @param {number} most
   * @param {number} [better]
   */
  const ratio = (client, most, better) => {
    const found = paced(client)?.ratio;
    const target = `≤ ${most}× ${NAMES[client]}${better === undefined ? '' : `, better ${better}×`}`;
    return row('CPU per paced chunk, everything included', target, found, (value) => [
      `${value.toFixed(2)}×`,
      value <= most,
    ]);
  };
  const own = paced(REFERENCE);
  const limitMs = paced('c')?.p99Ms;
  const p99LimitMs = Math.max(1, 2 * (limitMs ?? 0));
  const error = 'stamping error at 10,000 chunks/s';
  return [
    ratio('aiohttp', 0.5),
    ratio('sdk', 0.4),
    ratio('c', 6, 4.5),
    row(error, 'p50 ≤ 0.1 ms', own?.p50Ms, (ms) => [`${ms.toFixed(3)} ms`, ms <= 0.1]),
    row(error, "p99 ≤ 1 ms or 2× the C loop's", own?.p99Ms, (ms) => [
      `${ms.toFixed(2)} ms${limitMs === undefined ? '' : `, the C loop ${limitMs.toFixed(2)} ms`}`,
      ms <= p99LimitMs,
    ]),
    row(error, 'p99.9 ≤ 5 ms', own?.p999Ms, (ms) => [`${ms.toFixed(2)} ms`, ms <= 5]),
    row(
      '5,000 streams × 5/s, sender included',
      'p99 error ≤ 10 ms',
      held(REFERENCE)?.p99Ms,
      (ms) => [`${ms.toFixed(1)} ms`, ms <= 10],
    ),
    row(
      'memory per stream in flight, at 5,000',
      '≤ 64 KiB + its own reply',
      held(REFERENCE),
      ({ rssPerStreamBytes, replyBytes }) => [
        `${(rssPerStreamBytes / KIB).toFixed(0)} KiB, of which its reply ${(replyBytes / KIB).toFixed(0)} KiB`,
        rssPerStreamBytes <= 64 * KIB + replyBytes,
      ],
    ),
  ];
}

const NAMES = { aiohttp: "vLLM's aiohttp loop", sdk: 'the openai SDK iterator', c: 'the C loop' };

/**
 * @param {import('./figures.mjs').Compared[]} compared
 * @param {string} scenario
 */
function figuresAt(compared, scenario) {
  const figures = compared.find(({ name }) => name === scenario)?.figures ?? [];
  /** @param {string} client */
  return (client) => figures.find((row) => row.client === client);
}

/**
 * One promise beside its figure.
 * @template T
 * @param {string} what
 * @param {string} target
 * @param {T | null | undefined} found
 * @param {(found: T) => [measured: string, reached: boolean]} judge
 * @returns {Promised}
 */
export function row(what, target, found, judge) {
  if (found === undefined || found === null) return { what, target, measured: null, reached: null };
  const [measured, reached] = judge(found);
  return { what, target, measured, reached };
}
