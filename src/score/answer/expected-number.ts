import { distanceOf, type Exact, equalNumbers, exactNumber, powerOfTen, product } from './exact.ts';
import type { NumberToken } from './numbers.ts';

/** A number as the suite expects it. */
export interface ExpectedNumber {
  exact: Exact;
  /** Given in per cent; `exact` is the share. */
  percent: boolean;
  /** Given as a fraction, whose decimals an answer may have to round. */
  fraction: boolean;
}

/** With fewer digits, a rounded fraction could be another number. */
const FEWEST_ROUNDED_DIGITS = 3;
const ASKS_FOR_PERCENT = /%|％|\bper ?cent|パーセント|phần trăm|tỉ lệ|tỷ lệ|百分率/i;

/**
 * A value of the suite's as a number: `42`, `-3.5`, `3/4`, `15%`, `1,060`.
 * @returns `null` for a text, and for digits that begin with 0, which are a code or a phone number
 */
export function expectedNumber(value: string): ExpectedNumber | null {
  const percent = /\s?%$/.test(value);
  const plain = value.replace(/\s?%$/, '').replace(/(?<=\d),(?=\d{3}(?!\d))/g, '');
  if (/^[+-]?0\d/.test(plain)) return null;
  const exact = exactNumber(plain);
  if (exact === null) return null;
  const share = percent ? product(exact, powerOfTen(-2)) : exact;
  return { exact: share, percent, fraction: plain.includes('/') };
}

/**
 * Whether a number in an answer is the expected one. A share and its percentage are the same
 * number; `15%` is 15 only where the question asks for per cent, or the suite expects per cent.
 * @param tolerance greatest distance from the expected value, in its own unit
 */
export function isExpected(
  token: NumberToken,
  expected: ExpectedNumber,
  question: string,
  tolerance: number,
): boolean {
  const { readings, percent } = token;
  const inPercent = expected.percent || ASKS_FOR_PERCENT.test(question);
  const shares = readings.map((reading) => product(reading, powerOfTen(-2)));
  const candidates = percent
    ? [...shares, ...(inPercent && !expected.percent ? readings : [])]
    : [...readings, ...(expected.percent ? shares : [])];
  return candidates.some(
    (candidate) =>
      equalNumbers(candidate, expected.exact) ||
      (tolerance > 0 && distanceOf(candidate, expected.exact) <= tolerance * (1 + 1e-12)) ||
      (expected.fraction && isRounded(token, candidate, expected.exact)),
  );
}

/** `0.1667` for 1/6: within half a unit of the last digit written, with three digits at least. */
function isRounded(token: NumberToken, candidate: Exact, expected: Exact): boolean {
  if (token.decimals === null || token.decimals === 0) return false;
  const decimals = token.decimals + (token.percent ? 2 : 0);
  const unscaled = product(candidate, powerOfTen(decimals));
  const digits = String(unscaled.numerator / unscaled.denominator).replace('-', '');
  if (digits.length < FEWEST_ROUNDED_DIGITS) return false;
  return distanceOf(candidate, expected) <= 0.5 * 10 ** -decimals * (1 + 1e-9);
}
