import type { JsonObject, JsonValue } from '../../json.ts';
import { compileSchema, type JsonSchema, schemaProblem } from '../../json-schema.ts';
import { TIMED_OUT, withinMs } from '../time-limit.ts';

/** What came of holding values against a schema. */
export type Fit =
  | { kind: 'fits'; value: JsonValue }
  /** What is wrong with the last of them. */
  | { kind: 'fault'; fault: string }
  | { kind: 'gave-up'; reason: string };

/** Timeouts after which a schema's patterns are not tried again: each reply would cost the whole limit. */
const TIMEOUTS_MAX = 3;
const timeouts = new WeakMap<JsonSchema, number>();

/**
 * The first of some values that fits a schema. Patterns in it are regular expressions of the user's: all
 * of them together, over all values, have `regexMs`.
 * @param values at least one
 */
export function firstFit(values: readonly JsonValue[], schema: JsonObject, regexMs: number): Fit {
  const problem = schemaProblem(schema);
  if (problem !== null) return { kind: 'gave-up', reason: `is no JSON Schema: ${problem}` };
  const compiled = compileSchema(schema);
  const search = (): Fit => {
    let fault = 'does not fit the schema';
    for (const value of values) {
      const found = compiled.check(value);
      if (found === null) return { kind: 'fits', value };
      fault = found;
    }
    return { kind: 'fault', fault };
  };
  if (!compiled.hasPatterns) return search();
  const before = timeouts.get(compiled) ?? 0;
  const fit = before < TIMEOUTS_MAX ? withinMs(regexMs, search) : TIMED_OUT;
  if (fit !== TIMED_OUT) return fit;
  timeouts.set(compiled, before + 1);
  return { kind: 'gave-up', reason: 'the patterns of the schema took too long' };
}
