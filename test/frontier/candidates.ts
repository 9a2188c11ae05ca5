import { type Candidate, Pool, type Wanted } from '../../src/frontier/pool.ts';
import type { RequestRecord } from '../../src/metrics/types.ts';
import { createRandom } from '../../src/random.ts';
import type { Grade } from '../../src/score/types.ts';
import type { Manifest } from '../../src/store/types.ts';
import { aFailure, aGrade, aPlannedRow, aRecord, gradeKeyOf } from '../metrics/fixtures.ts';
import { aManifest } from '../report/fixtures.ts';

/** What a model is like. */
export interface ModelShape {
  model: string;
  /** Chance of a right answer; or which cases are right. */
  skill: number | ((caseIndex: number) => boolean);
  ttftMs?: number;
  e2eMs?: number;
  /** Of one request; n/a without. */
  costUsd?: number;
  /** Share of requests that fail. */
  failing?: number;
  /** Which answers nobody could grade. */
  ungraded?: (caseIndex: number) => boolean;
  suites?: string[];
  /** Of each suite. */
  cases?: number;
  passes?: number;
  target?: string;
  /** Tells apart two samples of one shape. */
  seed?: string;
}

export interface MadeRun {
  manifest: Manifest;
  records: RequestRecord[];
  grades: Grade[];
}

/** Records and grades of a run of such models, seeded; one request after another. */
export function madeRun(shapes: readonly ModelShape[], manifest: Partial<Manifest> = {}): MadeRun {
  const all = shapes.flatMap((shape) =>
    (shape.suites ?? ['reasoning']).map((suite) => ({ shape, suite })),
  );
  const suites = [...new Set(all.map(({ suite }) => suite))];
  const parts = all.map(({ shape, suite }) => recordsOf(shape, suite, manifest.simulated ?? false));
  const records = parts.flatMap((part) => part.records);
  return {
    manifest: aManifest({
      suites: suites.map((name) => ({ name, hash: name, cases: 1 })),
      planned: all.map(({ shape, suite }, i) =>
        aPlannedRow({
          model: shape.model,
          suite,
          target: shape.target ?? 'market',
          planned: parts[i]?.records.length ?? 0,
        }),
      ),
      ...manifest,
    }),
    records,
    grades: parts.flatMap((part) => part.grades),
  };
}

function recordsOf(shape: ModelShape, suite: string, simulated: boolean) {
  const { model, skill, ttftMs = 100, e2eMs = 1000, failing = 0, cases = 60, passes = 1 } = shape;
  const random = createRandom(`${model} ${suite} ${shape.seed ?? ''}`);
  const records: RequestRecord[] = [];
  const grades: Grade[] = [];
  let clockMs = 0;
  for (let repeat = 0; repeat < passes; repeat++) {
    for (let i = 0; i < cases; i++) {
      const spread = Math.exp(0.2 * random.normal());
      const same = {
        request_id: `${model}-${suite}-${repeat}-${i}`,
        model,
        suite,
        target: shape.target ?? 'market',
        case_id: `case-${i}`,
        repeat,
        simulated,
        started_ms: clockMs,
        scheduled_ms: clockMs,
        ended_ms: clockMs + e2eMs * spread,
        cost_usd: shape.costUsd === undefined ? null : shape.costUsd * spread,
      };
      clockMs += e2eMs * spread;
      const fails = random.next() < failing;
      const right = typeof skill === 'number' ? random.next() < skill : skill(i);
      if (fails) {
        records.push(aFailure({ ...same, cost_usd: null }));
        continue;
      }
      const record = aRecord({
        ...same,
        ttft_ms: ttftMs * spread,
        ttft_from_schedule_ms: ttftMs * spread,
        e2e_ms: e2eMs * spread,
      });
      records.push(record);
      const ungraded = shape.ungraded?.(i) === true;
      const grade = ungraded ? 'ungraded' : right ? 'right' : 'wrong';
      const score = ungraded ? null : Number(right);
      grades.push(aGrade({ ...gradeKeyOf(record), grade, score }));
    }
  }
  return { records, grades };
}

const ALL: Wanted = { suites: [], models: [], targets: [] };

/** The candidates of some runs, as the commands pool them. */
export function pooled(runs: readonly MadeRun[], wanted: Partial<Wanted> = {}): Candidate[] {
  const pool = new Pool({ ...ALL, ...wanted }, {});
  for (const { manifest, records, grades } of runs) {
    pool.begin(manifest);
    for (const record of records) pool.add(record);
    for (const grade of grades) pool.addGrade(grade);
  }
  return pool.candidates();
}
