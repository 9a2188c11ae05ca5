/** A rational number, exact however long: `numerator / denominator`, the latter above 0. */
export interface Exact {
  numerator: bigint;
  denominator: bigint;
}

/** Beyond it a power of ten is a mistake, or an attempt to fill the memory. */
const GREATEST_EXPONENT = 400;
const LONGEST_DIGITS = 1_000;

const PLAIN = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;

/**
 * A plain number (`-12`, `3.75`, `2e6`, `3/4`): a dot before decimals, no separators.
 * @returns `null` for anything else
 */
export function exactNumber(text: string): Exact | null {
  const [upper = '', lower, ...more] = text.split('/');
  if (more.length > 0 || text.length > LONGEST_DIGITS) return null;
  if (lower === undefined) return decimal(upper);
  const numerator = decimal(upper);
  const denominator = decimal(lower);
  return numerator === null || denominator === null ? null : quotient(numerator, denominator);
}

/** @returns `null` where the divisor is 0 */
export function quotient(a: Exact, b: Exact): Exact | null {
  if (b.numerator === 0n) return null;
  const sign = b.numerator < 0n ? -1n : 1n;
  return {
    numerator: sign * a.numerator * b.denominator,
    denominator: sign * a.denominator * b.numerator,
  };
}

export function product(a: Exact, b: Exact): Exact {
  return {
    numerator: a.numerator * b.numerator,
    denominator: a.denominator * b.denominator,
  };
}

export function sum(a: Exact, b: Exact): Exact {
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

export function negative({ numerator, denominator }: Exact): Exact {
  return { numerator: -numerator, denominator };
}

export function whole(number: number | bigint): Exact {
  return { numerator: BigInt(number), denominator: 1n };
}

export function powerOfTen(exponent: number): Exact {
  const power = 10n ** BigInt(Math.abs(exponent));
  return exponent < 0
    ? { numerator: 1n, denominator: power }
    : { numerator: power, denominator: 1n };
}

export function equalNumbers(a: Exact, b: Exact): boolean {
  return a.numerator * b.denominator === b.numerator * a.denominator;
}

/** How far apart two numbers are, as a double: for tolerances. */
export function distanceOf(a: Exact, b: Exact): number {
  const difference = sum(a, negative(b));
  return Math.abs(asDouble(difference));
}

export function asDouble({ numerator, denominator }: Exact): number {
  return Number(numerator) / Number(denominator);
}

function decimal(text: string): Exact | null {
  const match = PLAIN.exec(text.trim());
  if (match === null) return null;
  const [, sign, integer = '', decimals = '', exponent = '0'] = match;
  if (integer === '' && decimals === '') return null;
  if (Math.abs(Number(exponent)) > GREATEST_EXPONENT) return null;
  const digits = BigInt(`${integer}${decimals}`);
  const unscaled = whole(sign === '-' ? -digits : digits);
  return product(unscaled, powerOfTen(Number(exponent) - decimals.length));
}
