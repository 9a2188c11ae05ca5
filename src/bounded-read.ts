import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const PIECE_BYTES = 1024 * 1024;

/** Why a file that is there was not read; the message goes behind its name. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

/**
 * Reads a file of at most so many bytes: one that is larger is not begun, and a pipe or a device is left
 * where it passes them.
 * @param onPiece sees each piece as it is read; what it throws ends the reading
 * @throws UnreadableError where it is larger; what the system says otherwise
 */
export function readBounded(
  path: string,
  mostBytes: number,
  onPiece: (piece: Uint8Array) => void = () => {},
): Buffer {
  const fd = openSync(path, 'r');
  try {
    const stats = fstatSync(fd);
    if (stats.isFile() && stats.size > mostBytes) throw tooLarge(mostBytes);
    const pieces: Buffer[] = [];
    let bytes = 0;
    // One more than may be there, and than is said to be: whether it has ended is known with it.
    const expected = stats.isFile() && stats.size > 0 ? stats.size + 1 : PIECE_BYTES;
    for (;;) {
      const piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, Math.max(expected - bytes, 4096)));
      const length = readSync(fd, piece, 0, piece.length, null);
      if (length === 0) break;
      bytes += length;
      if (bytes > mostBytes) throw tooLarge(mostBytes);
      const part = piece.subarray(0, length);
      onPiece(part);
      pieces.push(part);
    }
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  } finally {
    closeSync(fd);
  }
}

/**
 * The same, as text. A byte order mark is kept.
 * @throws UnreadableError also where it is no UTF-8
 */
export function readBoundedText(path: string, mostBytes: number): string {
  return decodeText(readBounded(path, mostBytes));
}

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeText(bytes: Buffer): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new UnreadableError('it is UTF-16: save it as UTF-8');
  }
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    const { line, column } = placeOfBadUtf8(bytes);
    throw new UnreadableError(`line ${line}, column ${column}: it is not UTF-8`);
  }
}

/** Of the first bytes that are none: after them a strict decoding of what stood before would fail. */
function placeOfBadUtf8(bytes: Buffer): { line: number; column: number } {
  let [from, line] = [0, 1];
  for (;;) {
    const end = bytes.indexOf(0x0a, from);
    const row = bytes.subarray(from, end === -1 ? bytes.length : end);
    const text = row.toString('utf8');
    if (end === -1 || !Buffer.from(text).equals(row)) {
      return { line, column: text.indexOf('\ufffd') + 1 };
    }
    from = end + 1;
    line += 1;
  }
}

function tooLarge(mostBytes: number): UnreadableError {
  return new UnreadableError(`it is larger than ${Math.round(mostBytes / 1024 / 1024)} MiB`);
}
