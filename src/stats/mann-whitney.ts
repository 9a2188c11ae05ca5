/** Without values of one sample U is 0. */
const CERTAIN: Float64Array = Float64Array.of(1);

/**
 * The largest k for which a count of pairs below k is no more likely than `tail`, where two samples
 * of one distribution are drawn: P(U ≤ k − 1) ≤ tail, U being how many of the n·m differences are
 * below 0. So the k-th smallest difference and the k-th largest bound the shift between two samples.
 * Exact, by adding up where every U may have come from (Mann and Whitney 1947), in O(n·m·k) steps.
 * Ties can only make U less spread, so that the bounds hold with them.
 * @param tail in (0, 0.5)
 * @returns 0 where the samples are too small for any
 */
export function mannWhitneyRank(n: number, m: number, tail: number): number {
  const most = Math.ceil((n * m) / 2);
  // Probabilities of U = 0, 1, … for i and j values; a row of all j at a time.
  let rows = Array.from({ length: m + 1 }, () => CERTAIN);
  for (let i = 1; i <= n; i++) {
    const grown = [CERTAIN];
    for (let j = 1; j <= m; j++) {
      grown.push(mixed(rows[j] as Float64Array, grown[j - 1] as Float64Array, i, j, most));
    }
    rows = grown;
  }
  const probabilities = rows[m] as Float64Array;
  let k = 0;
  for (let below = 0; k < most; k++) {
    below += probabilities[k] as number;
    if (below > tail) break;
  }
  return k;
}

/** The largest of all values is of the first sample, and above all j of the other, or of the other. */
function mixed(
  ofFirst: Float64Array,
  ofOther: Float64Array,
  i: number,
  j: number,
  most: number,
): Float64Array {
  const probabilities = new Float64Array(Math.min(most, i * j) + 1);
  for (let u = 0; u < probabilities.length; u++) {
    const above = u < j ? 0 : (ofFirst[u - j] ?? 0);
    probabilities[u] = (i * above + j * (ofOther[u] ?? 0)) / (i + j);
  }
  return probabilities;
}
