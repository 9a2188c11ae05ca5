import type { Estimate } from './types.ts';

/**
 * An estimate as it is written.
 * @param interval where there is one; a high end of `Infinity` is open, which is written as `null`
 */
export function estimate(
  value: number | null | undefined,
  n: number,
  interval?: { low: number; high: number },
): Estimate {
  if (value === null || value === undefined) return { value: null, low: null, high: null, n };
  const { low, high } = interval ?? { low: null, high: null };
  return { value, low, high: high === Infinity ? null : high, n };
}
