import { z } from 'zod';

/** TARGET/MODEL: a target's name holds no slash, a model's may. */
export const JUDGE_PATTERN = /^[^/\s]+\/\S+$/;

const judgeSchema = z.strictObject({
  model: z
    .string()
    .regex(JUDGE_PATTERN, 'must be TARGET/MODEL')
    .optional()
    .describe('Who judges, as TARGET/MODEL, where an expectation names nobody.'),
  parameters: z
    .record(z.string(), z.json())
    .optional()
    .describe("Of its requests, over the model's own; null takes one out."),
  concurrency: z.int().min(1).max(1000).optional().describe('Requests in flight. Default 4.'),
  retries: z.int().min(0).max(20).optional().describe('Of one call, after the first. Default 3.'),
  max_cost: z.number().positive().optional().describe('USD for all calls of a run; needs prices.'),
});

/** `grading` of the config; `duration` is the schema of durations. */
export function gradingSchema<Duration extends z.ZodType<string>>(duration: Duration) {
  return z.strictObject({
    enabled: z.boolean().optional().describe('Grade the answers. Default true.'),
    run_code: z
      .boolean()
      .optional()
      .describe('Run the code in answers, in a sandbox. Default false.'),
    run_javascript: z
      .boolean()
      .optional()
      .describe('Run the JavaScript that suites grade by, in a sandbox. Default false.'),
    regex_timeout: duration
      .optional()
      .describe('For one regular expression of a suite. Default 100ms.'),
    code_timeout: duration.optional().describe('For all tests of one answer. Default 10s.'),
    code_memory_mb: z.int().min(16).max(65_536).optional().describe('Of one answer. Default 512.'),
    judge: judgeSchema
      .extend({ timeout: duration.optional().describe('Of one attempt. Default 120s.') })
      .optional()
      .describe('Who grades what only a reader can; without it nobody is asked.'),
  });
}

export type GradingConfig = z.output<ReturnType<typeof gradingSchema<z.ZodType<string>>>>;
