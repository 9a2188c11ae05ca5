// What every client written in JavaScript reports, taken in the same way: processor time and memory
// from just before the first request to the end, and the error of each stamp against the instant in
// its chunk.
import { writeFileSync } from 'node:fs';

/** The load to put on: `{url, streams, requests, schedule, errorsFile, outDir}`, from the command line. */
export const load = JSON.parse(process.argv[2] ?? '{}');

/** The body that every client posts. */
export const body = {
  model: 'ground-truth',
  messages: [{ role: 'user', content: 'Go.' }],
  stream: true,
  stream_options: { include_usage: true },
  ground_truth: load.schedule,
};

/** Begins to count; call it just before the first request. */
export function beginMeter() {
  const rssBytes = process.memoryUsage.rss();
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  return {
    /** Call it when the last request is done and kept as the client keeps it. */
    end() {
      const { user, system } = process.cpuUsage(cpu);
      const wallMs = performance.now() - startedMs;
      const maxRssBytes = process.resourceUsage().maxRSS * 1024;
      const cpuBeforeUs = cpu.user + cpu.system;
      return { cpuUs: user + system, cpuBeforeUs, wallMs, rssBytes, maxRssBytes };
    },
  };
}

/** Runs `send` as often as the load says, in as many slots as it has streams. */
export async function inSlots(send) {
  let left = load.requests;
  const slot = async () => {
    while (left-- > 0) await send();
  };
  await Promise.all(Array.from({ length: load.streams }, slot));
}

/**
 * Errors of replies: each with the `performance.now()` of its content chunks and their text.
 * @returns {Float64Array} milliseconds
 */
export function errorsOf(replies) {
  const offsetNs = process.hrtime.bigint() - BigInt(Math.round(performance.now() * 1e6));
  const errors = [];
  for (const { stampsMs, text } of replies) {
    const sent = text.trim().split(' ');
    for (const [index, digits] of sent.entries()) {
      const ns = BigInt(digits) - offsetNs;
      errors.push(stampsMs[index] - Number(ns) / 1e6);
    }
  }
  return Float64Array.from(errors);
}

/** Prints the one line of a client, and leaves its errors where they were asked for. */
export function report(measured, { reads, errors }) {
  writeFileSync(load.errorsFile, new Uint8Array(errors.buffer));
  console.log(JSON.stringify({ ...measured, reads, chunks: errors.length }));
}
