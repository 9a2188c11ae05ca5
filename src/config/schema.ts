import { z } from 'zod';
import { DURATION_FORM, DURATION_PATTERN, parseDuration } from './duration.ts';
import { gateSchema } from './gate-schema.ts';
import { gradingSchema } from './grading-schema.ts';
import { modelSchema } from './model-schema.ts';
import { SIMULATOR, targetSchema } from './target-schema.ts';

const durationSchema = z
  .string({ error: ({ input }) => (input === undefined ? undefined : `must be ${DURATION_FORM}`) })
  .regex(DURATION_PATTERN, { error: `must be ${DURATION_FORM}`, abort: true })
  .refine((text) => parseDuration(text) !== undefined, 'must be longer than 0');

const positive = z.int().min(1);
const milliseconds = z.number().positive();

const timeoutsSchema = z.strictObject({
  connect: durationSchema.optional().describe('DNS, TCP, proxy and TLS together. Default 10s.'),
  first_token: durationSchema.optional().describe('From start to first token. Default 120s.'),
  stall: durationSchema.optional().describe('Between bytes, comments apart. Default 60s.'),
  total: durationSchema.optional().describe('The whole request. Default 600s.'),
});

const limitsSchema = z.strictObject({
  body_bytes: positive.optional().describe('Of one reply. Default 41943040 (40 MiB).'),
  in_flight_bytes: positive
    .optional()
    .describe(
      'Of all replies in flight together, the first MiB of each not counted; beyond it the largest is ended. Default 536870912 (512 MiB).',
    ),
  event_bytes: positive.optional().describe('Of one event. Default 8388608 (8 MiB).'),
  events: positive.optional().describe('In one reply. Default 200000.'),
  header_bytes: positive.optional().describe('Of the response headers. Default 65536.'),
});

const defaultsSchema = z.strictObject({
  target: z.string().min(1).optional().describe('Target of a run. Default: the first one.'),
  suite: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe('Suite or suites of a run. Default: smoke.'),
  concurrency: positive
    .max(100_000)
    .optional()
    .describe('Requests in flight per model. Default 8.'),
  order: z
    .enum(['parallel', 'interleaved', 'sequential'])
    .optional()
    .describe('Models side by side (default), mixed at random, or one after another.'),
  repeat: positive.optional().describe('Passes over the cases. Default 1.'),
  warmup: z
    .int()
    .min(0)
    .optional()
    .describe('Requests per model and suite, recorded, not counted.'),
  seed: z
    .union([z.int(), z.string().min(1)])
    .optional()
    .describe('Same seed, same requests in the same order. Default: drawn and recorded.'),
  nonce: z.boolean().optional().describe('Defeat prompt caches by a nonce. Default true.'),
  keep_tapes: z.boolean().optional().describe('Write tapes.ndjson.gz. Default true.'),
  keep_text: z.boolean().optional().describe('Write the text of replies. Default true.'),
  output: z
    .string()
    .min(1)
    .optional()
    .describe('Folder of runs, relative to this file. Default results.'),
  duration: durationSchema.optional().describe('No request is sent after this long.'),
  requests: positive.optional().describe('Measured requests per model and suite.'),
  max_cost: z.number().positive().optional().describe('USD for the whole run; needs prices.'),
  max_tokens_total: positive.optional().describe('Output tokens of the whole run.'),
  calibrate: z
    .boolean()
    .optional()
    .describe("Measure the client's own error before the first request. Default true."),
  chunk_rate: positive
    .max(10_000)
    .optional()
    .describe('Chunks per second that one stream is expected to bring, for it. Default 50.'),
  timeouts: timeoutsSchema.optional().describe('Of one request.'),
  limits: limitsSchema.optional().describe('Of one reply.'),
});

const sloSchema = z.strictObject({
  ttft_ms: milliseconds.optional().describe('Time to first token at most, ms.'),
  tpot_ms: milliseconds.optional().describe('Time per output token at most, ms.'),
  e2e_ms: milliseconds.optional().describe('Whole latency at most, ms.'),
});

const share = z.number().gt(0).max(1);

const validitySchema = z.strictObject({
  late_ms: milliseconds.optional().describe('A stamp later than this is late, ms. Default 2.'),
  late_share: share
    .optional()
    .describe('Share of the time in which stamps may be late. Default 0.01.'),
  cpu_share: share
    .optional()
    .describe('Share of one core that the measuring thread may use. Default 0.8.'),
});

/** `bench.config.yaml` as it is written: variables not replaced, defaults not filled in. */
export const configSchema = z
  .strictObject({
    targets: z
      .record(
        z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'may have letters, digits, . _ and - only')
          .refine((name) => name !== SIMULATOR, `is the name of the built-in target`),
        targetSchema,
      )
      .optional()
      .describe('Endpoints by name. The embedded simulator is always there as well.'),
    models: z.array(modelSchema).min(1).optional().describe('Models, each once.'),
    defaults: defaultsSchema
      .optional()
      .describe('Of a run, where no flag or variable says otherwise.'),
    slo: sloSchema
      .optional()
      .describe('Objectives of one request; goodput counts those that meet all.'),
    validity: validitySchema
      .optional()
      .describe('How slow the client itself may be; a run past these is invalid.'),
    grading: gradingSchema(durationSchema)
      .optional()
      .describe('How answers are graded, and what may run or be asked for it.'),
    thresholds: z
      .array(z.string().min(1))
      .optional()
      .describe("What must hold of a run, as 'ttft_ms:p(95)<800'; it ends 99 where one fails."),
    gate: gateSchema(durationSchema)
      .optional()
      .describe('How `tokentape check` judges, and by what.'),
  })
  .meta({
    title: 'bench.config.yaml',
    description: 'What tokentape benchmarks: targets, models, defaults of a run, thresholds.',
  });

export type BenchConfig = z.output<typeof configSchema>;
export type TargetConfig = NonNullable<BenchConfig['targets']>[string];
export type ModelConfig = NonNullable<BenchConfig['models']>[number];
