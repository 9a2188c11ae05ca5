// `node --import`: brings about what no test can do from outside. BREAK names it:
//   worker-throw, worker-exit, worker-memory   the measuring thread dies 300 ms into its job
//   main-throw, main-reject                    so does the main thread, once a record was written
//   CODE@FILE                                  the fourth write to the file of that name fails so (a sync: sync:CODE@FILE)
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { isMainThread, parentPort } from 'node:worker_threads';

const INTO_JOB_MS = 300;
const FAILS_FROM = 4;
const what = process.env.BREAK ?? '';

if (!isMainThread && parentPort !== null && what.startsWith('worker-')) {
  const port = parentPort;
  const post = port.postMessage.bind(port);
  port.postMessage = (message, ...rest) => {
    post(message, ...rest);
    // Of all threads only the measuring one says so.
    if (message[0]?.type === 'ready') port.on('message', onCommands);
  };
}
if (isMainThread && what !== '' && !what.startsWith('worker-')) breakFiles();

/** @param {{ type: string }[]} commands */
function onCommands(commands) {
  if (commands.some(({ type }) => type === 'job')) setTimeout(die, INTO_JOB_MS);
}

function die() {
  if (what === 'worker-exit') process.exit(7);
  if (what === 'worker-throw') throw new Error('broken on purpose');
  const held = [];
  for (;;) held.push(new Array(1e6).fill(held.length));
}

function breakFiles() {
  /** @type {any} */
  const all = fs;
  const { openSync, writeSync, fdatasync } = all;
  const { open } = all.promises;
  const [, sync, code, name] = /^(sync:)?(\w+)@(.+)$/.exec(what) ?? [];
  const names = new Map();
  let writes = 0;
  const failure = () => Object.assign(new Error(`${code}: broken on purpose`), { code });
  all.openSync = (/** @type {any} */ file, /** @type {any[]} */ ...rest) => {
    const fd = openSync(file, ...rest);
    names.set(fd, path.basename(String(file)));
    return fd;
  };
  all.promises.open = (/** @type {any} */ file, /** @type {any[]} */ ...rest) =>
    path.basename(String(file)) === name ? Promise.reject(failure()) : open(file, ...rest);
  all.writeSync = (/** @type {number} */ fd, /** @type {any[]} */ ...rest) => {
    if (names.get(fd) === 'requests.ndjson' && what.startsWith('main-')) {
      setTimeout(() => {
        if (what === 'main-reject') void Promise.reject(new Error('broken on purpose'));
        else throw new Error('broken on purpose');
      }, INTO_JOB_MS);
    }
    if (names.get(fd) === name && !sync && ++writes >= FAILS_FROM) throw failure();
    return writeSync(fd, ...rest);
  };
  all.fdatasync = (/** @type {number} */ fd, /** @type {any} */ done) =>
    names.get(fd) === name && sync ? setImmediate(done, failure()) : fdatasync(fd, done);
  syncBuiltinESMExports();
}
