/**
 * The chance that at least one of k answers drawn from n is right, c of them being so:
 * 1 − C(n−c, k) / C(n, k), the estimate of pass@k that is unbiased whatever n ≥ k (Chen et al. 2021).
 * @param n answers to one case, at least k
 * @param c of these right, 0 to n
 * @param k at least 1
 */
export function passAtK(n: number, c: number, k: number): number {
  if (n - c < k) return 1;
  // As a product: the binomial coefficients themselves would overflow.
  let allWrong = 1;
  for (let drawn = 0; drawn < k; drawn++) allWrong *= (n - c - drawn) / (n - drawn);
  return 1 - allWrong;
}
