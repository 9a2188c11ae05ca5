import { studentQuantile } from './student.ts';

/**
 * Which figures lie too far from the others to be of one normal distribution with them: the
 * generalised extreme Studentised deviate test, which several outliers do not hide from one another.
 * @param most to look for
 * @param alpha chance that any is found where there is none
 * @returns indices, the farthest first; none for fewer than four figures
 * @see Rosner (1983), Percentage points for a generalized ESD many-outlier procedure,
 *   https://doi.org/10.1080/00401706.1983.10487848
 */
export function outliers(values: readonly number[], most: number, alpha: number): number[] {
  const rest = values.map((value, index) => ({ value, index }));
  const taken: number[] = [];
  let found = 0;
  while (taken.length < most && rest.length > 3) {
    const { mean, sd } = meanAndSd(rest.map(({ value }) => value));
    if (sd === 0) break;
    const size = ({ value }: { value: number }) => Math.abs(value - mean);
    const farthest = rest.reduce((a, b) => (size(b) > size(a) ? b : a));
    const beyond = size(farthest) / sd > criticalDeviate(rest.length, alpha);
    taken.push(farthest.index);
    rest.splice(rest.indexOf(farthest), 1);
    if (beyond) found = taken.length;
  }
  return taken.slice(0, found);
}

/** The same few are asked for over and over. */
const known = new Map<string, number>();

/** How many standard deviations the farthest of n figures may be from their mean. */
function criticalDeviate(n: number, alpha: number): number {
  const key = `${n} ${alpha}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const t = studentQuantile(1 - alpha / (2 * n), n - 2);
  const critical = ((n - 1) * t) / Math.sqrt(n * (n - 2 + t * t));
  known.set(key, critical);
  return critical;
}

/** With n − 1 in the denominator; a spread of 0 of a single value. */
export function meanAndSd(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}
