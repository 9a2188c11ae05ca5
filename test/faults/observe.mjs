/*
 * Loaded into every thread of a command under test, by NODE_OPTIONS. Says on stderr, one line of JSON
 * each, what was warned of, what the measuring thread still holds once it has finished, and what the
 * process holds when it is about to end.
 */
import { readdirSync, writeSync } from 'node:fs';
import { isMainThread, parentPort } from 'node:worker_threads';

/** What was closed in the last turn of the event loop is gone by then. */
const SETTLED_MS = 200;

/**
 * @param {string} what
 * @param {object} more
 */
function say(what, more) {
  writeSync(2, `\n@observed ${JSON.stringify({ what, ...more })}\n`);
}

function descriptors() {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return null; // no such thing on this platform
  }
}

process.on('warning', (warning) => say('warning', { text: String(warning.stack) }));
if (isMainThread) {
  say('start', { descriptors: descriptors() });
  process.on('exit', () =>
    say('exit', { resources: process.getActiveResourcesInfo(), descriptors: descriptors() }),
  );
} else if (parentPort !== null) {
  const post = parentPort.postMessage.bind(parentPort);
  parentPort.postMessage = (message, transfer) => {
    const last = Array.isArray(message) && message.some(({ type }) => type === 'finished');
    if (!last) return post(message, transfer);
    setTimeout(() => {
      say('finished', { resources: process.getActiveResourcesInfo() });
      post(message, transfer);
    }, SETTLED_MS);
  };
}
