// `node --import`: notes each write to a journal and the end of each of its syncs into the file that
// CRASH_NOTES names, with its instant, before anything else happens.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';

const JOURNAL = /^(requests|grades|judge)\.ndjson$/;
const LINE_BREAK = 0x0a;
const file = process.env.CRASH_NOTES;
if (isMainThread && file !== undefined) record(fs.openSync(file, 'a'));

/** @param {number} notesFd */
function record(notesFd) {
  const { openSync, closeSync, writeSync, fdatasync, fdatasyncSync } = fs;
  /** Names and lengths of the journals that are open. @type {Map<number, { name: string, bytes: number }>} */
  const open = new Map();
  const note = (
    /** @type {string} */ name,
    /** @type {'open' | 'write' | 'sync'} */ what,
    /** @type {number} */ bytes,
    { lines = 0, begunMs = nowMs() } = {},
  ) => {
    const all = { file: name, what, atMs: nowMs(), begunMs, bytes, lines };
    writeSync(notesFd, `${JSON.stringify(all)}\n`);
  };
  fs.openSync = (/** @type {any} */ name, /** @type {any} */ flags, /** @type {any} */ mode) => {
    const fd = openSync(name, flags, mode);
    if (JOURNAL.test(path.basename(String(name))) && /^a/.test(String(flags))) {
      const bytes = fs.fstatSync(fd).size;
      open.set(fd, { name: path.basename(String(name)), bytes });
      note(path.basename(String(name)), 'open', bytes);
    }
    return fd;
  };
  fs.closeSync = (fd) => {
    open.delete(fd);
    closeSync(fd);
  };
  fs.writeSync = (/** @type {any} */ fd, /** @type {any} */ data, /** @type {any[]} */ ...rest) => {
    const journal = open.get(fd);
    const written = writeSync(fd, data, ...rest);
    if (journal !== undefined) {
      journal.bytes += written;
      const lines = Buffer.from(data)
        .subarray(0, written)
        .filter((byte) => byte === LINE_BREAK).length;
      note(journal.name, 'write', written, { lines });
    }
    return written;
  };
  // @ts-expect-error: the form that Node can make a promise of is not used here
  fs.fdatasync = (fd, done) => {
    const journal = open.get(fd);
    const bytes = journal?.bytes ?? 0;
    const begunMs = nowMs();
    fdatasync(fd, (error) => {
      if (journal !== undefined && error === null) note(journal.name, 'sync', bytes, { begunMs });
      done(error);
    });
  };
  fs.fdatasyncSync = (fd) => {
    const journal = open.get(fd);
    const begunMs = nowMs();
    fdatasyncSync(fd);
    if (journal !== undefined) note(journal.name, 'sync', journal.bytes, { begunMs });
  };
  syncBuiltinESMExports();
}

/** On a clock that the processes of a host share. */
function nowMs() {
  return performance.timeOrigin + performance.now();
}
