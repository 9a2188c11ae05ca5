import path from 'node:path';
import { jsonText } from '../json.ts';
import type { SummaryRow } from '../metrics/types.ts';
import { summaryCsv } from '../report/csv.ts';
import { runJson } from '../report/json.ts';
import { writeWhole } from '../store/atomic-write.ts';
import { RUN_FILES } from '../store/folder.ts';
import type { StoredRun } from '../store/read.ts';
import type { Manifest } from '../store/types.ts';
import { requestsCsvOf } from './requests-csv.ts';

/** Writes what is derived from the journal into the run's folder. */
export async function writeReports(run: StoredRun, rows: SummaryRow[]): Promise<void> {
  const file = (name: string): string => path.join(run.path, name);
  await writeWhole(file(RUN_FILES.summary), runJson({ manifest: run.manifest, rows }));
  await writeWhole(file(RUN_FILES.summaryCsv), summaryCsv(rows, run.manifest));
  await writeWhole(file(RUN_FILES.requestsCsv), requestsCsvOf(run));
}

export function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const text = `${jsonText(manifest, 2)}\n`;
  return writeWhole(path.join(folder, RUN_FILES.manifest), text);
}
