import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { lineBatches } from './line-batches.ts';

/** Lines of a gzip file, of any number of members; errors of file and stream are thrown. */
export async function* gunzippedLines(file: string): AsyncGenerator<string> {
  const gunzip = createGunzip();
  createReadStream(file)
    .on('error', (error) => gunzip.destroy(error))
    .pipe(gunzip);
  for await (const lines of lineBatches(gunzip)) yield* lines;
}
