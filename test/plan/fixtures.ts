import { DEFAULT_GRADING } from '../../src/config/grading-settings.ts';
import type { Model, RunSettings } from '../../src/config/types.ts';
import type { ListedTarget } from '../../src/plan/plan.ts';
import { turnsGradedAtEnd } from '../../src/suite/turns.ts';
import type { Case, Suite } from '../../src/suite/types.ts';

export function caseOf(id: string, parts: Partial<Case> = {}): Case {
  return {
    id,
    system: null,
    turns: turnsGradedAtEnd([`question ${id}`], [{ type: 'equals', value: id }]),
    parameters: { max_tokens: 100 },
    tags: [],
    ...parts,
  };
}

export function suiteOf(name: string, cases: Case[], parts: Partial<Suite> = {}): Suite {
  return { name, description: '', nonce: true, cases, hash: `hash of ${name}`, ...parts };
}

export function modelOf(name: string, parts: Partial<Model> = {}): Model {
  return {
    name,
    label: name,
    price: { input_per_mtok: 1, output_per_mtok: 2 },
    tags: [],
    parameters: {},
    ...parts,
  };
}

export function targetOf(name: string, models: Model[]): ListedTarget {
  return {
    name,
    baseUrl: 'http://127.0.0.1:1/v1',
    path: '/chat/completions',
    apiKey: undefined,
    dialect: 'openai',
    protocol: 'http/1.1',
    headers: {},
    models,
    caFile: undefined,
    simulated: false,
  };
}

export const NO_LIMITS = { durationMs: null, requests: null, outputTokens: null, costUsd: null };

export function settingsOf(parts: Partial<RunSettings> = {}): RunSettings {
  return {
    suites: ['s'],
    concurrency: 4,
    order: 'parallel',
    repeat: 1,
    warmup: 0,
    seed: 'one',
    nonce: true,
    keepTapes: true,
    keepText: true,
    outputDir: 'results',
    requestLimits: {
      connectMs: 1,
      firstTokenMs: 1,
      stallMs: 1,
      totalMs: 1,
      bodyBytes: 1,
      inFlightBytes: 1,
      eventBytes: 1,
      events: 1,
      headerBytes: 1,
    },
    runLimits: NO_LIMITS,
    slo: {},
    validity: { lateMs: 2, lateShare: 0.01, cpuShare: 0.8 },
    grading: DEFAULT_GRADING,
    calibrate: false,
    chunkRate: 50,
    ...parts,
  };
}
