// Event streams by the letter of the WHATWG text, slow and plain: the whole is decoded first, cut into
// lines, and each line treated as section 9.2.6 says. Kept apart from the product's decoder on purpose.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

/** @typedef {{ event: string, data: string, id: string }} SseEvent */

/**
 * @param {Uint8Array} bytes
 * @returns {{ events: SseEvent[], pending: string | null, pendingEvent: string, ends: number[] }}
 *   `ends`: for each event, the offset in bytes behind the line end that completed it
 */
export function referenceSse(bytes) {
  let data = '';
  let hasData = false;
  let type = '';
  let lastId = '';
  /** @type {SseEvent[]} */
  const events = [];
  /** @type {number[]} */
  const ends = [];
  const field = (/** @type {string} */ line) => {
    if (line.startsWith(':')) return;
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (name === 'event') type = value;
    else if (name === 'data') {
      data += `${value}\n`;
      hasData = true;
    } else if (name === 'id' && !value.includes('\u0000')) lastId = value;
  };
  const { lines, rest } = linesOf(bytes);
  for (const { text, end } of lines) {
    if (text !== '') {
      field(text);
      continue;
    }
    // «If the data buffer is an empty string»: an event with one empty data line has a line feed in it.
    if (hasData) {
      events.push({ event: type === '' ? 'message' : type, data: data.slice(0, -1), id: lastId });
      ends.push(end);
    }
    data = '';
    hasData = false;
    type = '';
  }
  // What never was completed is discarded by the text; the product keeps it to be looked at.
  if (rest !== '') field(rest);
  return {
    events,
    ends,
    pending: hasData ? data.slice(0, -1) : null,
    pendingEvent: type || 'message',
  };
}

/**
 * Lines ended by CRLF, LF or CR, found in the bytes, for all three are ASCII.
 * @param {Uint8Array} bytes
 */
function linesOf(bytes) {
  const decoder = (/** @type {number} */ from, /** @type {number} */ to) =>
    // «UTF-8 decode» takes one BOM away, at the very start alone.
    new TextDecoder('utf-8', { ignoreBOM: from !== 0 }).decode(bytes.subarray(from, to));
  /** @type {{ text: string, end: number }[]} */
  const lines = [];
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0x0a && bytes[at] !== 0x0d) continue;
    // The event is complete with the CR; its LF is no line of its own.
    lines.push({ text: decoder(start, at), end: at + 1 });
    if (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at += 1;
    start = at + 1;
  }
  return { lines, rest: start < bytes.length ? decoder(start, bytes.length) : '' };
}
