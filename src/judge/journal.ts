import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '../store/folder.ts';
import { Journal } from '../store/journal.ts';
import { lineBatches } from '../store/lines.ts';
import { cutTornLine } from '../store/mend.ts';
import type { JudgeCall } from './types.ts';

/**
 * `judge.ndjson` of a run, opened to add lines to; it is made where it is not there.
 * @throws TokentapeError (exit 74)
 */
export async function openJudgeJournal(runFolder: string): Promise<Journal<JudgeCall>> {
  const file = join(runFolder, RUN_FILES.judge);
  await cutTornLine(file);
  return new Journal<JudgeCall>(file, 'continued');
}

/** The calls of earlier gradings of a run; a line that was cut off by a crash is left out. */
export async function readJudgeCalls(runFolder: string): Promise<JudgeCall[]> {
  const file = join(runFolder, RUN_FILES.judge);
  if (!existsSync(file)) return [];
  const calls: JudgeCall[] = [];
  for await (const lines of lineBatches(createReadStream(file))) {
    calls.push(...lines.flatMap(readCall));
  }
  return calls;
}

function readCall(line: string): JudgeCall[] {
  try {
    const call = JSON.parse(line) as JudgeCall;
    return typeof call.verdict_hash === 'string' ? [call] : [];
  } catch {
    return [];
  }
}
