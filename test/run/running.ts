import { DEFAULT_GRADING } from '../../src/config/grading-settings.ts';
import { DEFAULT_REQUEST_LIMITS } from '../../src/config/settings.ts';
import type { Model, RunSettings, Target } from '../../src/config/types.ts';
import type { RequestRecord } from '../../src/metrics/types.ts';
import { buildPlan, type ListedTarget } from '../../src/plan/plan.ts';
import { type RunOptions, type RunResult, runBenchmark } from '../../src/run/run.ts';
import { readRecords } from '../../src/store/read.ts';
import { turnsGradedAtEnd } from '../../src/suite/turns.ts';
import type { Case, Suite } from '../../src/suite/types.ts';

export function settingsOf(outputDir: string, changes: Partial<RunSettings> = {}): RunSettings {
  return {
    suites: ['tiny'],
    concurrency: 4,
    order: 'parallel',
    repeat: 1,
    warmup: 0,
    seed: '7',
    nonce: true,
    keepTapes: true,
    keepText: true,
    outputDir,
    requestLimits: DEFAULT_REQUEST_LIMITS,
    runLimits: { durationMs: null, requests: null, outputTokens: null, costUsd: null },
    slo: {},
    // However busy the machine of the tests is.
    validity: { lateMs: 60_000, lateShare: 1, cpuShare: 1 },
    grading: DEFAULT_GRADING,
    calibrate: false,
    chunkRate: 50,
    ...changes,
  };
}

export function modelOf(name: string, changes: Partial<Model> = {}): Model {
  return { name, label: name, price: null, tags: [], parameters: { max_tokens: 200 }, ...changes };
}

export function targetOf(
  baseUrl: string,
  models: Model[],
  changes: Partial<Target> = {},
): ListedTarget {
  return {
    name: 'market',
    baseUrl,
    path: '/chat/completions',
    apiKey: 'sk-canary-0123456789',
    dialect: 'openai',
    protocol: 'http/1.1',
    headers: {},
    caFile: undefined,
    simulated: false,
    ...changes,
    models,
  };
}

export function caseOf(id: string, texts: string[] = [`Say ${id}.`]): Case {
  const turns = turnsGradedAtEnd(texts, []);
  return { id, system: null, turns, parameters: {}, tags: [] };
}

export function suiteOf(cases: Case[], name = 'tiny'): Suite {
  return { name, description: '', nonce: true, cases, hash: 'hash' };
}

export interface FinishedRun extends RunResult {
  records: RequestRecord[];
}

/** Runs a plan for real, in a measuring thread, and reads its records back from disk. */
export async function runOnce(
  suites: Suite[],
  targets: ListedTarget[],
  settings: RunSettings,
  onStart?: RunOptions['onStart'],
  more: Partial<RunOptions> = {},
): Promise<FinishedRun> {
  const plan = buildPlan({ suites, targets, settings });
  const result = await runBenchmark({
    plan,
    suites,
    targets,
    settings,
    ...more,
    ...(onStart === undefined ? {} : { onStart }),
  });
  const records: RequestRecord[] = [];
  for await (const record of readRecords({ path: result.folder.path, manifest: result.manifest })) {
    records.push(record);
  }
  return { ...result, records };
}
