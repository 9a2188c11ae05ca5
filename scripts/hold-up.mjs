// Preloaded by scripts/validity-check.mjs (NODE_OPTIONS=--import=…) into every thread of a run: the
// measuring thread, and no other, is blocked for 20 ms each second.
import { isMainThread } from 'node:worker_threads';

if (!isMainThread && /[/\\]load[/\\]worker\.js$/.test(process.argv[1] ?? '')) {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  setInterval(() => Atomics.wait(cell, 0, 0, 20), 1000).unref();
}
