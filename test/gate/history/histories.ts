import { baselineOf } from '../../../src/baseline/of-run.ts';
import type { Baseline } from '../../../src/baseline/types.ts';
import type { RowEvidence } from '../../../src/metrics/evidence.ts';
import { Summariser } from '../../../src/metrics/summary.ts';
import type { RequestRecord } from '../../../src/metrics/types.ts';
import { createRandom } from '../../../src/random.ts';
import { aFailure, aGrade, aPlannedRow, aRecord } from '../../metrics/fixtures.ts';
import { aManifest } from '../../report/fixtures.ts';

export interface RunShape {
  /** Of the run: latencies are so many times as long. */
  slower?: number;
  failed?: number;
  requests?: number;
  /** Share of the answers that are right; without it none is graded. */
  right?: number;
  /** Log-sd within the run. */
  noise?: number;
  seed: string;
  changes?: Partial<RequestRecord>;
}

/** The requests of a run of one model: log-normal latencies around 400 ms and 20 ms a token. */
export function aRunsRecords(shape: RunShape): RequestRecord[] {
  const { slower = 1, failed = 0, requests = 100, noise = 0.02, seed, changes = {} } = shape;
  const random = createRandom(seed);
  return Array.from({ length: requests }, (_, i) => {
    const at = { request_id: `r${i}`, case_id: `c${i}`, started_ms: 1000 * i, ...changes };
    if (i < failed) return aFailure({ ...at, ended_ms: 1000 * i + 40 });
    const tpotMs = 20 * slower * Math.exp(noise * random.normal());
    return aRecord({
      ...at,
      ttft_ms: 400 * slower * Math.exp(noise * random.normal()),
      tpot_ms: tpotMs,
      decode_tokens_per_second: 1000 / tpotMs,
      ended_ms: 1000 * i + 500,
    });
  });
}

export function aRunsEvidence(shape: RunShape): RowEvidence[] {
  const records = aRunsRecords(shape);
  const summariser = new Summariser({});
  for (const record of records) summariser.add(record);
  for (const [index, { request_id, case_id }] of records.entries()) {
    if (shape.right === undefined) break;
    const isRight = index < Math.round(shape.right * records.length);
    summariser.addGrade(aGrade({ request_id, case_id, grade: isRight ? 'right' : 'wrong' }));
  }
  const { target, model, suite } = aRecord(shape.changes);
  return summariser.evidence([aPlannedRow({ target, model, suite, planned: records.length })]);
}

/** Runs of one night after another. */
export function aHistory(shapes: readonly RunShape[]): Baseline[] {
  return shapes.map((shape, index) => {
    const at = new Date(Date.UTC(2026, 0, 1 + index, 2)).toISOString();
    const run_id = `${at.slice(0, 10).replaceAll('-', '')}T020000Z-reasoning`;
    const evidence = aRunsEvidence(shape);
    return baselineOf(aManifest({ run_id, started_at: at }), evidence, ['ttft_ms', 'tpot_ms']);
  });
}

/** So many equal nights, each a little off by chance. */
export function nights(count: number, shape: Omit<RunShape, 'seed'> = {}, seed = 'nights') {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => ({
    ...shape,
    slower: (shape.slower ?? 1) * Math.exp(0.01 * random.normal()),
    seed: `${seed}/${index}`,
  }));
}
