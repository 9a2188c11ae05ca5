import { existsSync } from 'node:fs';
import path from 'node:path';
import { storedSettings } from '../../config/stored.ts';
import { modelKey } from '../../load/protocol.ts';
import type { Summariser } from '../../metrics/summary.ts';
import { RUN_FILES } from '../../store/folder.ts';
import { readGradeBatches, readRecordBatches, type StoredRun } from '../../store/read.ts';
import type { RunGrading } from '../grading/run-grading.ts';
import type { EndedBefore } from '../progress.ts';
import { repliesOf } from '../replies.ts';
import type { Skips } from '../skips.ts';
import type { Before } from './before.ts';

/** Who keeps account of a run. */
interface Accounts {
  summariser: Summariser;
  skips: Skips;
  grading: RunGrading;
}

/**
 * Tells the accounts of a run what was recorded of it before, and has graded what was not: grades that
 * were lost, and answers that waited for their graders when the run was cut off.
 * @returns by `modelKey`, what had ended
 */
export async function takeOver(
  { run, planned }: Before,
  { summariser, skips, grading }: Accounts,
): Promise<Map<string, EndedBefore>> {
  const graded = new Set<string>();
  for await (const batch of readGradeBatches(run)) {
    for (const grade of batch) {
      graded.add(grade.request_id);
      summariser.addGrade(grade);
      grading.known(planned.get(grade.request_id), grade);
    }
  }
  const ended = new Map<string, EndedBefore>();
  const toGrade = new Set<string>();
  for await (const batch of readRecordBatches(run)) {
    for (const record of batch) {
      summariser.add(record);
      skips.record(record);
      if (record.phase === 'warmup') continue;
      const counts = ended.get(modelKey(record)) ?? { done: 0, failed: 0 };
      counts.done += 1;
      if (record.outcome !== 'ok') counts.failed += 1;
      ended.set(modelKey(record), counts);
      const request = planned.get(record.request_id);
      if (request === undefined || graded.has(record.request_id)) continue;
      if (grading.lacks(request, record)) toGrade.add(request.conversationId);
    }
  }
  if (toGrade.size === 0) return ended;
  for await (const { record, said } of keptReplies(run)) {
    const request = planned.get(record.request_id);
    if (request === undefined || !toGrade.has(request.conversationId)) continue;
    grading.again(request, record, said, graded.has(record.request_id));
  }
  return ended;
}

/** What was said, where anything of it was kept. */
function keptReplies(run: StoredRun): ReturnType<typeof repliesOf> {
  const { keepText } = storedSettings(run.manifest.config);
  if (keepText || existsSync(path.join(run.path, RUN_FILES.tapes))) return repliesOf(run, keepText);
  return unreadReplies(run);
}

async function* unreadReplies(run: StoredRun): ReturnType<typeof repliesOf> {
  for await (const batch of readRecordBatches(run)) {
    for (const record of batch) yield { record, said: null };
  }
}
