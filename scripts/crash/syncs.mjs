// What `recorder.mjs` noted of writes and syncs, made into ages.

/** @typedef {{ file: string, what: 'open' | 'write' | 'sync', atMs: number, begunMs: number, bytes: number, lines: number }} Note */
/**
 * @typedef {object} Syncs
 * @property {number} records
 * @property {number[]} agesMs per record: from its write to the end of the sync that holds it, or to the kill
 * @property {number[]} waitsMs of those that were synced: to the begin of that sync, which is our part of it
 * @property {Map<string, number>} syncedBytes per file, up to the last sync that ended
 * @property {string[]} problems
 */

/**
 * @param {string} text one note a line; a last one that was cut off is left out
 * @returns {Note[]}
 */
export function readNotes(text) {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/**
 * @param {readonly Note[]} notes of one process; a sync's `bytes` are those that were in the file when it began
 * @param {number} endedMs when the process was killed, or ended
 * @returns {Syncs}
 */
export function syncsOf(notes, endedMs) {
  /** @type {Map<string, { bytes: number, waiting: { atMs: number, endBytes: number }[] }>} */
  const files = new Map();
  const found = {
    records: 0,
    agesMs: /** @type {number[]} */ ([]),
    waitsMs: /** @type {number[]} */ ([]),
    problems: /** @type {string[]} */ ([]),
  };
  const syncedBytes = new Map();
  for (const { file, what, atMs, begunMs, bytes, lines } of notes) {
    const state = files.get(file) ?? { bytes: 0, waiting: [] };
    files.set(file, state);
    if (what === 'open') {
      state.bytes = bytes;
      syncedBytes.set(file, bytes);
    } else if (what === 'write') {
      state.bytes += bytes;
      found.records += 1;
      if (lines !== 1) found.problems.push(`${file}: a write of ${lines} lines`);
      state.waiting.push({ atMs, endBytes: state.bytes });
    } else {
      syncedBytes.set(file, Math.max(bytes, syncedBytes.get(file) ?? 0));
      const synced = state.waiting.filter(({ endBytes }) => endBytes <= bytes);
      state.waiting = state.waiting.filter(({ endBytes }) => endBytes > bytes);
      for (const one of synced) {
        found.agesMs.push(atMs - one.atMs);
        found.waitsMs.push(begunMs - one.atMs);
      }
    }
  }
  for (const { waiting } of files.values()) {
    for (const { atMs } of waiting) found.agesMs.push(Math.max(0, endedMs - atMs));
  }
  return { ...found, syncedBytes };
}
