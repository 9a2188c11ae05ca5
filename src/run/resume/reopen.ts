import path from 'node:path';
import type { Grade } from '../../score/types.ts';
import { RUN_FILES } from '../../store/folder.ts';
import { cutTornLine, mendTapes, removeDerived, setLinesAside } from '../../store/mend.ts';
import { isUntried } from '../grading/grading.ts';
import { type OpenRun, openJournals } from '../open-records.ts';
import { writeManifest } from '../write-reports.ts';
import { whatWasBefore } from './before.ts';
import type { Resumable } from './resumable.ts';
import { manifestToGoOn } from './resumption.ts';

/**
 * Mends the folder of a run that was cut off, and opens it again to go on with it. Until what is written
 * first is there, a crash leaves a folder that can be mended again.
 */
export async function reopenRecords(resumable: Resumable): Promise<OpenRun> {
  const { run, plan, planned, settings } = resumable;
  await mendFolder(resumable);
  const before = await whatWasBefore(resumable);
  const manifest = manifestToGoOn(resumable, before);
  await writeManifest(run.path, manifest);
  const all = [...planned.values()];
  const journals = await openJournals(run.path, manifest, settings, all, 'continued');
  const folder = { runId: manifest.run_id, path: run.path };
  const originNs = manifest.resumed?.at(-1)?.clock.monotonic_ns ?? manifest.clock.monotonic_ns;
  return { plan, folder, manifest, ...journals, originNs, before };
}

/** What there is of a run's folder, without what a crash left in part, and without what is sent again. */
async function mendFolder({ run, missing, recorded }: Resumable): Promise<void> {
  const file = (name: keyof typeof RUN_FILES): string => path.join(run.path, RUN_FILES[name]);
  const stays = (id: string): boolean => recorded.has(id) && !missing.superseded.has(id);
  await removeDerived(run.path);
  for (const name of ['requests', 'grades', 'judge'] as const) await cutTornLine(file(name));
  await mendTapes(run.path, stays);
  await setLinesAside(
    file('grades'),
    file('supersededGrades'),
    (id, line) => !stays(id) || isUntried(JSON.parse(line) as Grade),
  );
  // Last: what it says is what the others are mended by.
  await setLinesAside(file('requests'), file('superseded'), (id) => missing.superseded.has(id));
}
