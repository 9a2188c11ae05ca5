import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip } from 'node:zlib';
import { UnreadableError } from '../bounded-read.ts';
import { errorCode } from '../errors.ts';

const LINE_BREAK = 0x0a;
/** A tape whose body is at its limit, in base64 and with an entry for each of a million reads, has 80 MB. */
const LINE_BYTES_MAX = 128 * 1024 * 1024;

/**
 * Lines of a byte stream, those that one read completes together, the last one also without its end:
 * a step of an asynchronous generator for each of a million lines would take seconds.
 * @throws UnreadableError for a line of more than `mostBytes`; what the stream throws
 */
export async function* lineBatches(
  stream: AsyncIterable<Buffer>,
  mostBytes = LINE_BYTES_MAX,
): AsyncGenerator<string[]> {
  // A line of many reads is put together once, when it ends.
  let begun: Buffer[] = [];
  let begunBytes = 0;
  for await (const chunk of stream) {
    const first = chunk.indexOf(LINE_BREAK);
    if (first === -1) {
      begun.push(chunk);
      begunBytes += chunk.length;
      if (begunBytes > mostBytes) {
        throw new UnreadableError(`it has a line of more than ${mostBytes / 1024 / 1024} MiB`);
      }
      continue;
    }
    const last = chunk.lastIndexOf(LINE_BREAK);
    const line = Buffer.concat([...begun, chunk.subarray(0, first)]).toString('utf8');
    const more = first === last ? [] : chunk.toString('utf8', first + 1, last).split('\n');
    yield [line, ...more];
    begun = last + 1 < chunk.length ? [Buffer.from(chunk.subarray(last + 1))] : [];
    begunBytes = begun[0]?.length ?? 0;
  }
  if (begun.length > 0) yield [Buffer.concat(begun).toString('utf8')];
}

/** Lines of a gzip file, of any number of members; errors of file and stream are thrown. */
export async function* gunzippedLines(file: string, mostBytes?: number): AsyncGenerator<string> {
  const gunzip = createGunzip();
  createReadStream(file)
    .on('error', (error) => gunzip.destroy(error))
    .pipe(gunzip);
  for await (const lines of lineBatches(gunzip, mostBytes)) yield* lines;
}

/**
 * The same, those that one read completes together, also of a file that was cut off: of that all that is
 * there, its last line perhaps in part. Of a damaged one come the lines before that, then the error.
 */
export function salvagedLines(file: string): AsyncGenerator<string[]> {
  return lineBatches(salvaged(file));
}

/** What is unpacked is taken at once: a stream that fails drops what nobody has taken yet. */
async function* salvaged(file: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  const unpacked: Buffer[] = [];
  let failure: Error | null = null;
  let isOver = false;
  gunzip.on('data', (chunk: Buffer) => unpacked.push(chunk));
  const over = new Promise<void>((resolve) => {
    const end = (): void => {
      isOver = true;
      resolve();
    };
    gunzip.once('end', end).once('error', (error) => {
      failure = error;
      end();
    });
  });
  for await (const chunk of createReadStream(file)) {
    await Promise.race([new Promise((resolve) => gunzip.write(chunk, resolve)), over]);
    yield* unpacked.splice(0);
    if (isOver) break;
  }
  if (!isOver) gunzip.end();
  await over;
  yield* unpacked.splice(0);
  if (failure !== null) throw failure;
}

/** Whether a gzip file ends as it should: what is added behind anything else cannot be read. */
export async function isWholeGzip(file: string): Promise<'whole' | 'cut_off' | 'damaged'> {
  const gunzip = createGunzip();
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const stream = createReadStream(file);
  try {
    await pipeline(stream, gunzip, nowhere);
  } catch (error) {
    if (errorCode(error) === 'Z_BUF_ERROR') return 'cut_off';
    if (errorCode(error)?.startsWith('Z_') === true) return 'damaged';
    // It stopped reading before the end of the file.
    if (gunzip.bytesWritten === 0 || errorCode(error) !== 'ABORT_ERR') throw error;
  }
  const { size } = await stat(file);
  return gunzip.bytesWritten === size ? 'whole' : 'damaged';
}

const READ_BYTES = 1 << 16;

/** Lines of a text file, those that one read completes together. */
export function plainLines(file: string): AsyncGenerator<string[]> {
  return lineBatches(createReadStream(file, { highWaterMark: READ_BYTES }));
}

/** The request that a line of a journal is of: its first field, as they are written; else by reading all of it. */
export function requestIdOf(line: string): string | null {
  const [, id] = /^\{"request_id":"([^"\\]+)"/.exec(line) ?? [];
  if (id !== undefined) return id;
  try {
    return (JSON.parse(line) as { request_id?: string }).request_id ?? null;
  } catch {
    return null;
  }
}
