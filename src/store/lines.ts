import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { UnreadableError } from '../bounded-read.ts';

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
