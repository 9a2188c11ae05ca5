import type { RequestRecord } from '../metrics/types.ts';
import { readRecords, type StoredRun } from '../store/read.ts';
import { type Said, saidIn } from './grading/answered.ts';
import { replay } from './replay.ts';

/** What was said, by the records, or by the tapes where no text was kept; `null` where neither has it. */
export async function* repliesOf(
  run: StoredRun,
  keepText: boolean,
): AsyncGenerator<{ record: RequestRecord; said: Said | null }> {
  if (keepText) {
    for await (const record of readRecords(run)) yield { record, said: saidIn(record) };
  } else {
    for await (const { record, from } of replay(run)) yield { record, said: from?.reply ?? null };
  }
}
