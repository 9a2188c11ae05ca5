import { z } from 'zod';
import { CHANGE_FORM, parseChange } from './change.ts';

const names = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

const change = z
  .union([z.number(), z.string()], { error: `must be ${CHANGE_FORM}` })
  .refine((value) => parseChange(value) !== undefined, `must be ${CHANGE_FORM}`);

const limits = (what: string, failFrom: string, passBelow: string) =>
  z
    .strictObject({
      fail_from: change
        .optional()
        .describe(`No smaller change fails, however certain. Default ${failFrom}.`),
      pass_below: change
        .optional()
        .describe(`It passes once it is certainly below this. Default ${passBelow}.`),
    })
    .describe(what);

/** `gate` of the config; `duration` is the schema of durations. */
export function gateSchema<Duration extends z.ZodType>(duration: Duration) {
  return z.strictObject({
    against: z
      .string()
      .min(1)
      .optional()
      .describe('Baseline to send beside the models: a model, a target, or TARGET/MODEL.'),
    baseline: names.optional().describe('Earlier runs to hold the run against, or their folder.'),
    metrics: names
      .optional()
      .describe(
        'What is compared. Default ttft_ms:p(50), tpot_ms:p(50), error_rate; the score of a graded suite is watched besides.',
      ),
    ...limits('', '5%', '10%').shape,
    tail: limits('Of quantiles other than the median.', '12.5%', '25%').optional(),
    error_rate: limits('Of error rates, in points.', '1%', '10%').optional(),
    score: limits('', '5%', '10%')
      .extend({
        watch: z
          .boolean()
          .optional()
          .describe('Whether a surely worse score fails where it is not asked for. Default true.'),
      })
      .describe('Of scores and of the share of ungraded answers, in points.')
      .optional(),
    alpha: z
      .number()
      .gt(0)
      .max(0.2)
      .optional()
      .describe('Chance that anything fails although nothing changed. Default 0.01.'),
    pairs: z
      .int()
      .min(8)
      .max(100_000)
      .optional()
      .describe('Pairs of each comparison at most; looked at after a quarter, half and all.'),
    max_duration: duration.optional().describe('No request is sent after this long.'),
    report: names.optional().describe('Reports to write, as junit=FILE.'),
  });
}
