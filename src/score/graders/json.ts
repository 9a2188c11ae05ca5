import type { JsonObject, JsonValue } from '../../json.ts';
import type { Expectation } from '../../suite/types.ts';
import { jsonIn, wholeJson } from '../json/find.ts';
import { firstFit } from '../json/fit.ts';
import { missing, right, ungraded } from '../judgement.ts';
import type { Answered, Grader, GraderLimits, Judgement } from '../types.ts';

/**
 * The whole answer is one JSON document, strictly (a code fence around it is put up with), and fits
 * the schema where one is given. Prose is wrong, for the form was asked for.
 */
export const isJson: Grader = (answered, expectation, limits) => {
  const whole = wholeJson(answered.text);
  if (whole === undefined) return missing(answered, 'the answer is no JSON document');
  return anyFits(answered, [whole.value], expectation, limits);
};

/**
 * The answer holds JSON, somewhere, that fits the schema where one is given. Comments and trailing
 * commas do not spoil it. Of several values of which none fits, the last one's fault is reported.
 */
export const containsJson: Grader = (answered, expectation, limits) =>
  anyFits(answered, jsonIn(answered.text), expectation, limits);

function anyFits(
  answered: Answered,
  values: readonly JsonValue[],
  { value: schema }: Expectation,
  { regexMs }: GraderLimits,
): Judgement {
  const last = values.at(-1);
  if (last === undefined) return missing(answered, 'there is no JSON in the answer');
  if (schema === undefined) return right(JSON.stringify(last));
  const fit = firstFit(values, schema as JsonObject, regexMs);
  if (fit.kind === 'fits') return right(JSON.stringify(fit.value));
  if (fit.kind === 'gave-up') return ungraded(fit.reason, JSON.stringify(last));
  return missing(answered, fit.fault, JSON.stringify(last));
}
