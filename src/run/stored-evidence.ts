import { storedSettings, storedSimulated } from '../config/stored.ts';
import type { RowEvidence } from '../metrics/evidence.ts';
import { Summariser } from '../metrics/summary.ts';
import { readGradeBatches, readRecordBatches, type StoredRun } from '../store/read.ts';

/** The rows of a run as its records and grades tell it now, with their samples; also of one that was cut off. */
export async function readEvidence(run: StoredRun): Promise<RowEvidence[]> {
  const { config } = run.manifest;
  const summariser = new Summariser(storedSettings(config).slo, storedSimulated(config));
  for await (const batch of readRecordBatches(run)) {
    for (const record of batch) summariser.add(record);
  }
  for await (const batch of readGradeBatches(run)) {
    for (const grade of batch) summariser.addGrade(grade);
  }
  return summariser.evidence(run.manifest.planned);
}
