import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const LINE_BREAK = 0x0a;

/**
 * Lines of a byte stream, those that one read completes together, the last one also without its end:
 * a step of an asynchronous generator for each of a million lines would take seconds.
 * @throws what the stream throws
 */
export async function* lineBatches(stream: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  // A line of many reads is put together once, when it ends.
  let begun: Buffer[] = [];
  for await (const chunk of stream) {
    const first = chunk.indexOf(LINE_BREAK);
    if (first === -1) {
      begun.push(chunk);
      continue;
    }
    const last = chunk.lastIndexOf(LINE_BREAK);
    const line = Buffer.concat([...begun, chunk.subarray(0, first)]).toString('utf8');
    const more = first === last ? [] : chunk.toString('utf8', first + 1, last).split('\n');
    yield [line, ...more];
    begun = last + 1 < chunk.length ? [Buffer.from(chunk.subarray(last + 1))] : [];
  }
  if (begun.length > 0) yield [Buffer.concat(begun).toString('utf8')];
}

/** Lines of a gzip file, of any number of members; errors of file and stream are thrown. */
export async function* gunzippedLines(file: string): AsyncGenerator<string> {
  const gunzip = createGunzip();
  createReadStream(file)
    .on('error', (error) => gunzip.destroy(error))
    .pipe(gunzip);
  for await (const lines of lineBatches(gunzip)) yield* lines;
}
