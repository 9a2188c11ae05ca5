// Journals before and after a kill, as bytes.

const LINE_BREAK = 0x0a;

/**
 * The whole lines of a journal, and what stands behind the last of them.
 * @param {Buffer} bytes
 * @returns {{ lines: string[], rest: string }}
 */
export function linesOf(bytes) {
  const end = bytes.lastIndexOf(LINE_BREAK) + 1;
  const text = bytes.subarray(0, end).toString('utf8');
  return {
    lines: text === '' ? [] : text.slice(0, -1).split('\n'),
    rest: bytes.subarray(end).toString('utf8'),
  };
}

/**
 * What is wrong with a journal after a kill.
 * @param {Buffer} before read just before it
 * @param {Buffer} after
 * @returns {string[]}
 */
export function damageOf(before, after) {
  const was = linesOf(before);
  const is = linesOf(after);
  const problems = [];
  const lost = was.lines.findIndex((line, at) => is.lines[at] !== line);
  if (lost !== -1)
    problems.push(`line ${lost + 1} of ${was.lines.length} that had been read is not there`);
  for (const [at, line] of is.lines.entries()) {
    if (!isJson(line)) problems.push(`line ${at + 1} of ${is.lines.length} is broken`);
  }
  return problems;
}

/**
 * What a machine that lost its power has left: all that was synced, and any part of what came after.
 * @param {Buffer} bytes
 * @param {number} syncedBytes
 * @param {number} share of the rest that reached the disk all the same
 */
export function afterPowerLoss(bytes, syncedBytes, share) {
  const rest = Math.max(0, bytes.length - syncedBytes);
  return bytes.subarray(0, Math.min(bytes.length, syncedBytes) + Math.floor(rest * share));
}

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
