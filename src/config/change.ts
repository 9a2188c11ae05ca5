export const CHANGE_FORM = 'a change over 0, as 5% or 0.05';

/**
 * Reads a change: a percentage, or a share below 1.
 * @returns the share; `undefined` where `value` is no such change. A bare 5 is none: it may mean
 *   either.
 */
export function parseChange(value: string | number): number | undefined {
  const [, digits, percent] = /^(\d*\.?\d+)\s*(%?)$/.exec(String(value).trim()) ?? [];
  if (digits === undefined) return undefined;
  // The point is moved in the text, so that 5% is 0.05 to the last bit.
  const share = percent === '%' ? Number(`${digits}e-2`) : Number(digits);
  const isSmall = percent === '%' ? share <= 100 : share < 1;
  return share > 0 && isSmall ? share : undefined;
}
