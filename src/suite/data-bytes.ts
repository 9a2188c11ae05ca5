import { constants, gunzipSync } from 'node:zlib';
import { readBounded, UnreadableError } from '../bounded-read.ts';
import { errorCode } from '../errors.ts';
import type { DataLayout } from './dataset.ts';
import { isJsonList } from './json-list.ts';
import { RECORD_BYTES_MAX } from './record.ts';

/** As much as a buffer can hold. */
const FILE_BYTES_MAX = 2 ** 31 - 1;
/** A file may unpack to so much, or to so many times what it has: text packs to a fifth, a bomb to a thousandth. */
const UNPACKED_BYTES_LEAST = 64 * 1024 * 1024;
const UNPACKED_TIMES_MAX = 20;
const LINE_BREAK = 0x0a;

/**
 * A data file as it lies on the disk, read no further than a line that is too long for a record.
 * @throws UnreadableError where it is too large; what the system says otherwise
 */
export function readDataFile(path: string, layout: DataLayout): Buffer {
  const packed = path.endsWith('.gz');
  let inLines: boolean | null = packed ? false : null;
  let lineBytes = 0;
  return readBounded(path, FILE_BYTES_MAX, (piece) => {
    // A list may have no line ends; its records are looked at one by one.
    inLines ??= layout !== 'json' || !isJsonList(piece);
    if (!inLines) return;
    const last = piece.lastIndexOf(LINE_BREAK);
    lineBytes = last === -1 ? lineBytes + piece.length : piece.length - last - 1;
    if (lineBytes > RECORD_BYTES_MAX) throw tooLong();
  });
}

/**
 * What a data file holds, unpacked where its name says that it is packed.
 * @param isWhole false where `bytes` are its beginning alone
 * @throws UnreadableError where it would unpack to too much
 */
export function unpacked(bytes: Buffer, path: string, isWhole = true): Buffer {
  if (!path.endsWith('.gz')) return bytes;
  const most = Math.min(
    FILE_BYTES_MAX,
    Math.max(UNPACKED_BYTES_LEAST, UNPACKED_TIMES_MAX * bytes.length),
  );
  try {
    return gunzipSync(bytes, {
      maxOutputLength: most,
      ...(!isWhole && { finishFlush: constants.Z_SYNC_FLUSH }),
    });
  } catch (error) {
    if (errorCode(error) !== 'ERR_BUFFER_TOO_LARGE') throw error;
    const mib = Math.round(most / 1024 / 1024);
    throw new UnreadableError(`it unpacks to over ${mib} MiB: give it unpacked`);
  }
}

function tooLong(): UnreadableError {
  const mib = RECORD_BYTES_MAX / 1024 / 1024;
  return new UnreadableError(`it has a line of over ${mib} MiB: no record is so long`);
}
