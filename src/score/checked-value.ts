import type { z } from 'zod';
import type { JsonValue } from '../json.ts';

const checked = new WeakMap<object, { value: unknown } | null>();

/**
 * The value of an expectation, checked again: a stored run's may have been read by an older version.
 * @param schema always the same for one value
 * @returns `null` where it is not what the grader takes
 */
export function checkedValue<T>(schema: z.ZodType<T>, value: JsonValue | undefined): T | null {
  if (typeof value !== 'object' || value === null) return null;
  let found = checked.get(value);
  if (found === undefined) {
    const { success, data } = schema.safeParse(value);
    found = success ? { value: data } : null;
    checked.set(value, found);
  }
  return found === null ? null : (found.value as T);
}
