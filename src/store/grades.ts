import { createReadStream } from 'node:fs';
import path from 'node:path';
import { errorCode, messageOf, usageError } from '../errors.ts';
import type { Grade } from '../score/types.ts';
import { lineBatches } from './lines.ts';
import type { StoredRun } from './read.ts';

const READ_BYTES = 1 << 16;

/** The grades of a run, in the order in which they were given; none where nothing was graded. */
export async function* readGrades(run: StoredRun): AsyncGenerator<Grade> {
  const file = path.join(run.path, 'grades.ndjson');
  try {
    for await (const lines of lineBatches(createReadStream(file, { highWaterMark: READ_BYTES }))) {
      for (const line of lines) if (line !== '') yield JSON.parse(line) as Grade;
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw usageError(`cannot read ${file}: ${messageOf(error)}`);
  }
}
