import { z } from 'zod';
import { SAMPLED, type Sampled } from '../metrics/row-samples.ts';
import { ESTIMATES, type Estimate, type EstimateName, type SummaryRow } from '../metrics/types.ts';
import { FILE_KIND } from './file-text.ts';
import type { Baseline } from './types.ts';

const text = z.string().min(1);
const count = z.int().min(0);
const figure = z.number().nullable();

const estimate = z
  .union([
    z.tuple([z.number(), figure, figure, count]),
    z.tuple([z.number(), figure, figure, count, z.literal('at_least')]),
  ])
  .transform(([value, low, high, n, atLeast]): Estimate => {
    return { value, low, high, n, ...(atLeast && { at_least: true as const }) };
  });

const arm = z.object({ target: text, model: text });

const plan = z.object({
  suites: z.array(z.object({ name: text, hash: text })),
  models: z.array(
    z.object({ target: text, model: text, parameters: z.record(z.string(), z.json()) }),
  ),
  load: z.object({
    concurrency: z.int().min(1),
    order: z.enum(['parallel', 'interleaved', 'sequential']),
    repeat: z.int().min(1),
    warmup: count,
    duration_ms: figure,
    requests: figure,
    pairs: z.int().min(1).optional(),
  }),
  comparisons: z.array(z.object({ suite: text, candidate: arm, baseline: arm })).optional(),
});

const row = z.object({
  target: text,
  model: text,
  label: text,
  suite: text,
  simulated: z.boolean(),
  requests: z.object({
    planned: count,
    ok: count,
    failed: count,
    dropped: count,
    cancelled: count,
    skipped: count,
    lost: count,
  }),
  prompt_tokens: figure,
  output_tokens: figure,
  token_source: z.enum(['usage', 'tokenizer', 'unknown', 'mixed']),
  cost_usd: figure,
  estimates: z.partialRecord(z.enum(ESTIMATES), estimate),
});

const samples = z.object({
  row: count,
  metric: z.enum(SAMPLED),
  of: z.int().min(1),
  at_least_from: figure,
  values: z.array(z.number()).min(1),
});

/** What a baseline file has to look like. */
export const baselineSchema = z.object({
  kind: z.literal(FILE_KIND),
  schema_version: z.literal(1, { error: ({ input }) => versionProblem(input) }),
  run_id: text.regex(/^[\w.+-]+$/, 'must be the name of a run'),
  started_at: z.iso.datetime(),
  git: z.object({ revision: text, dirty: z.boolean() }).nullable(),
  simulated: z.boolean(),
  validity: z.object({
    verdict: z.enum(['valid', 'warned', 'invalid']),
    reasons: z.array(z.string()),
  }),
  version: text,
  metrics_version: z.int().min(1),
  graders_version: z.int().min(1).optional(),
  plan_hash: text.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal digits'),
  plan: plan.nullable(),
  rows: z.array(row),
  samples: z.array(samples),
});

function versionProblem(version: unknown): string {
  return `is ${JSON.stringify(version)}, and this version of tokentape reads 1`;
}

type BaselineFile = z.infer<typeof baselineSchema>;

/** From what stands in a file, every row with its samples and all its estimates. */
export function baselineFrom(file: BaselineFile): Baseline {
  const { kind: _, rows, samples: all, graders_version, ...rest } = file;
  return {
    ...rest,
    ...(graders_version !== undefined && { graders_version }),
    plan: rest.plan as Baseline['plan'],
    rows: rows.map(({ estimates, ...each }, index) => ({
      ...each,
      estimates: Object.fromEntries(
        ESTIMATES.map((name) => [name, estimates[name as EstimateName] ?? NONE]),
      ) as SummaryRow['estimates'],
      samples: Object.fromEntries(
        all
          .filter(({ row: number }) => number === index)
          .map(({ metric, of, at_least_from, values }) => [
            metric as Sampled,
            { of, at_least_from, values },
          ]),
      ),
    })),
  };
}

const NONE: Estimate = { value: null, low: null, high: null, n: 0 };
