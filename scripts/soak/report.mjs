// A soak as it stands in docs/reliability.md.
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { table } from '../gate/table.mjs';
import { trendOf, windowOf } from './judge.mjs';
import { median, stretches, theilSen } from './slope.mjs';

/**
 * @typedef {import('./judge.mjs').Facts} Facts
 * @typedef {import('./judge.mjs').Promised} Promised
 */

const MIB = 2 ** 20;

/** @param {Facts} facts @param {Promised[]} promises */
export function reportOf(facts, promises) {
  const { version } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  const { durationS, streams, seed, account, inFlight } = facts;
  const spoilt = account.records - (account.faults.none ?? 0);
  const busy = inFlight.length === 0 ? 'n/a' : String(median(inFlight));
  return [
    `${durationS < 60 ? `${durationS} seconds` : `${durationS / 60} minutes`} at ${streams} streams (${busy} in flight, median), ` +
      `${account.records.toLocaleString('en-US')} requests, of which ` +
      `${spoilt.toLocaleString('en-US')} met one of ${Object.keys(account.faults).length - 1} faults. Made by ` +
      `\`npm run soak -- --seed ${seed}\` on ${new Date().toISOString().slice(0, 10)} with tokentape ${version} ` +
      `and Node ${process.versions.node} on ${os.cpus().length} cores, shared with other work.`,
    table(
      ['promised', 'wanted', 'came to', ''],
      promises.map(({ promise, wanted, got, kept }) => [
        promise,
        wanted,
        got,
        kept === null ? 'not judged' : kept ? 'kept' : 'MISSED',
      ]),
    ),
    trends(facts),
    heapTrends(facts),
    healthWords(facts),
    outcomesWords(facts),
    storedWords(facts),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** @param {Facts} facts */
function trends(facts) {
  const rows = ['tokentape', 'simulator'].flatMap((name) => {
    const window = windowOf(facts, name);
    if (window.length === 0) return [];
    const peakMib = Math.max(...(facts.samples.get(name) ?? []).map(({ peakMib: mib }) => mib));
    return /** @type {const} */ ([
      ['rssMib', 'RSS, MiB'],
      ['pssMib', 'PSS, MiB'],
      ['fds', 'file descriptors'],
      ['threads', 'threads'],
    ]).map(([what, words]) => {
      const values = window.map((sample) => sample[what]);
      const trend = trendOf(window, what);
      return [
        `${name}, ${words}`,
        median(values).toFixed(0),
        `${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)}`,
        what === 'rssMib' ? peakMib.toFixed(0) : '',
        trend === null
          ? 'n/a'
          : `${signed(trend.perHour)} (${signed(trend.low)} to ${signed(trend.high)})`,
        trend === null ? 'n/a' : signed(trend.growth),
      ];
    });
  });
  if (rows.length === 0) return '';
  const head = ['', 'median', 'range', 'peak', 'per hour, with 95 % interval', 'over the window'];
  return `Over the last two thirds, sampled from outside every second; trends are Theil–Sen slopes through medians of 30 s:\n\n${table(head, rows)}`;
}

/** Garbage goes up and down: the lowest of each minute is what is held. @param {Facts} facts */
function heapTrends({ heap, durationS }) {
  const lines = heap
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const beganMs = lines[0]?.atMs ?? 0;
  const rows = [...new Set(lines.map(({ threadId }) => threadId))].flatMap((threadId) =>
    /** @type {const} */ (['heapUsed', 'arrayBuffers']).flatMap((what) => {
      const points = stretches(
        lines
          .filter((line) => line.threadId === threadId)
          .map((line) => /** @type {const} */ ([(line.atMs - beganMs) / 1000, line[what] / MIB]))
          .filter(([atS]) => atS >= durationS / 3 && atS <= durationS),
        60,
        (values) => Math.min(...values),
      );
      if (points.length < 3) return [];
      const { slope, low, high } = theilSen(points);
      const perHour = [slope, low, high].map((one) => signed(one * 3600));
      return [
        [
          `${threadId === 0 ? 'main' : 'measuring'} thread, ${what === 'heapUsed' ? 'heap' : 'buffers'}, MiB`,
          median(points.map(([, mib]) => mib)).toFixed(1),
          `${perHour[0]} (${perHour[1]} to ${perHour[2]})`,
        ],
      ];
    }),
  );
  if (rows.length === 0) return '';
  return `What tokentape's threads hold (the lowest of each minute, after garbage collection):\n\n${table(['', 'median', 'per hour, with 95 % interval'], rows)}`;
}

/** @param {Facts} facts */
function healthWords({ account: { manifest } }) {
  const { measured, verdict, reasons } = manifest.validity;
  if (measured === undefined) return '';
  const percent = (/** @type {number | null} */ share) =>
    share === null ? 'n/a' : `${(100 * share).toFixed(2)} %`;
  return (
    `The measuring thread: late ${percent(measured.late_share)} of the time (p99 ` +
    `${measured.lateness_ms_p99.toFixed(1)} ms, most ${measured.lateness_ms_max.toFixed(0)} ms), ` +
    `${percent(measured.cpu_share)} of a core, ${measured.reads.toLocaleString('en-US')} reads, ` +
    `${measured.gc_pauses.toLocaleString('en-US')} collections of at most ${measured.gc_ms_max.toFixed(0)} ms, ` +
    `${measured.backlog_pauses} pauses for its backlog; the run is ${verdict}${reasons.length === 0 ? '' : ` (${reasons.join('; ')})`}.`
  );
}

/** @param {Facts} facts */
function outcomesWords({ account: { outcomes } }) {
  const sorted = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
  return `Outcomes: ${sorted.map(([name, times]) => `${name} ${times.toLocaleString('en-US')}`).join(', ')}.`;
}

/** @param {Facts} facts */
function storedWords({ stored, account }) {
  if (stored === null) return '';
  const mib = (/** @type {number} */ bytes) => (bytes / MIB).toFixed(1);
  const total = Object.values(stored.files).reduce((sum, bytes) => sum + bytes, 0);
  const largest = Object.entries(stored.files)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([name, bytes]) => `${name} ${mib(bytes)}`);
  const reads = stored.reads.map(
    ({ command, seconds }) => `\`${command}\` ${seconds.toFixed(1)} s`,
  );
  return (
    `The run's folder has ${mib(total)} MiB (${largest.join(', ')}), ` +
    `${(total / account.records / 1024).toFixed(1)} KiB a request. Read again: ${reads.join(', ')}.`
  );
}

/** @param {number} value */
function signed(value) {
  return `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
}

/** @param {string} block */
export function writeReport(block) {
  const document = new URL('../../docs/reliability.md', import.meta.url);
  const before = readFileSync(document, 'utf8');
  const [start, end] = ['<!-- soak -->', '<!-- /soak -->'];
  const [from, to] = [before.indexOf(start), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/reliability.md has no place: ${start} … ${end}`);
  writeFileSync(
    document,
    `${before.slice(0, from + start.length)}\n\n${block}\n\n${before.slice(to)}`,
  );
}
