import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type PlanParts, planHash } from '../../src/plan/hash.ts';
import type { Manifest } from '../../src/store/types.ts';
import { aRunsRecords, type RunShape } from '../gate/history/histories.ts';
import { aPlannedRow } from '../metrics/fixtures.ts';
import { aManifest } from '../report/fixtures.ts';

/** What the runs of a history are made of. */
export function aPlan(changes: Partial<PlanParts> = {}): PlanParts {
  return {
    suites: [{ name: 'reasoning', hash: 'a'.repeat(64) }],
    models: [{ target: 'market', model: 'DeepSeek-R1', parameters: { temperature: 0.6 } }],
    load: {
      concurrency: 8,
      order: 'parallel',
      repeat: 1,
      warmup: 0,
      duration_ms: null,
      requests: null,
    },
    ...changes,
  };
}

/** Name of the run of a night, the first being 0. */
export function nightName(night: number): string {
  const at = new Date(Date.UTC(2026, 0, 1 + night, 2)).toISOString();
  return `${at.slice(0, 10).replaceAll('-', '')}T020000Z-reasoning`;
}

/** Writes the folder of a night's run, as a run leaves it but for tapes and reports. */
export async function writeRun(
  resultsDir: string,
  night: number,
  shape: RunShape,
  { plan = aPlan(), manifest = {} }: { plan?: PlanParts; manifest?: Partial<Manifest> } = {},
): Promise<string> {
  const records = aRunsRecords(shape);
  const run_id = nightName(night);
  const written = aManifest({
    run_id,
    started_at: new Date(Date.UTC(2026, 0, 1 + night, 2)).toISOString(),
    plan_hash: planHash(plan),
    plan_parts: plan,
    metrics_version: 1,
    planned: [aPlannedRow({ planned: records.length })],
    ...manifest,
  });
  const folder = path.join(resultsDir, run_id);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(written));
  const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  await writeFile(path.join(folder, 'requests.ndjson'), lines);
  return run_id;
}
