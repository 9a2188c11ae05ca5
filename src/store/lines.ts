import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

/** Lines of a byte stream, the last one also without its end; errors of the stream are thrown. */
export async function* splitLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Lines of a gzip file, of any number of members; errors of file and stream are thrown. */
export async function* gunzippedLines(file: string): AsyncGenerator<string> {
  const gunzip = createGunzip();
  createReadStream(file)
    .on('error', (error) => gunzip.destroy(error))
    .pipe(gunzip);
  yield* splitLines(gunzip);
}
