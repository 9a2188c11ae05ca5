const ROOT_2_PI = Math.sqrt(2 * Math.PI);
/** From here on the tail's continued fraction is short, and the series would lose digits. */
const TAIL_FROM = 2.5;

/** φ(x), the density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / ROOT_2_PI;
}

/**
 * Φ(x), the distribution function of the standard normal distribution, to about 13 digits even far
 * down the lower tail: by its series in the middle, by the continued fraction of Mills' ratio beyond.
 * @see https://dlmf.nist.gov/7.6.2, https://dlmf.nist.gov/7.9.1
 */
export function normalCdf(x: number): number {
  if (x < -TAIL_FROM) return lowerTail(-x);
  if (x > TAIL_FROM) return 1 - lowerTail(x);
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-18; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + sum * normalDensity(x);
}

/** Φ(−x) = φ(x) / (x + 1 / (x + 2 / (x + 3 / …))), from the inside out. */
function lowerTail(x: number): number {
  if (x > 40) return 0;
  let fraction = x;
  for (let k = 200; k >= 1; k--) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}

/**
 * Φ⁻¹(p), by Newton's method on ln Φ, which is concave: from below the root it never passes it.
 * @param p in [0, 1]
 * @returns ∓`Infinity` at 0 and 1
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  if (p > 0.5) return -normalQuantile(1 - p);
  let x = -Math.sqrt(-2 * Math.log(p)); // For Φ(x) ≤ exp(−x²/2)/2 below 0.
  for (let step = 0; step < 50; step++) {
    const cdf = normalCdf(x);
    const move = (Math.log(cdf / p) * cdf) / normalDensity(x);
    x -= move;
    if (Math.abs(move) < 1e-14 * Math.max(1, Math.abs(x))) break;
  }
  return x;
}
