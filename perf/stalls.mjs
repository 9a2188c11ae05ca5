// Notes when this thread stood still, on the clock of `process.hrtime`, which all threads share. As a
// worker it watches from a thread of its own.
import { parentPort, workerData } from 'node:worker_threads';

const EVERY_MS = 2;

/**
 * @param {number} limitMs a longer gap between two looks is a stall
 * @returns the stalls so far, as pairs of instants in ms; stops looking
 */
export function watchStalls(limitMs) {
  /** @type {[number, number][]} */
  const stalls = [];
  let beforeMs = nowMs();
  const timer = setInterval(() => {
    const atMs = nowMs();
    if (atMs - beforeMs > limitMs) stalls.push([beforeMs, atMs]);
    beforeMs = atMs;
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    return stalls;
  };
}

function nowMs() {
  return Number(process.hrtime.bigint()) / 1e6;
}

if (workerData?.watchLimitMs !== undefined) {
  const stop = watchStalls(workerData.watchLimitMs);
  parentPort?.once('message', () => parentPort?.postMessage(stop()));
}
