/** Φ⁻¹(0.975): how many standard deviations a 95 % interval reaches to either side. */
const Z = 1.959963984540054;

/**
 * Wilson's 95 % score interval for a share.
 * @param share of what was counted, in [0, 1]
 * @param effectiveN how many independent trials these are worth, above 0; need not be whole
 * @returns both ends in [0, 1]; it holds where the share is 0 or 1, too
 * @see docs/metrics.md#intervals
 */
export function wilsonInterval(share: number, effectiveN: number): { low: number; high: number } {
  const z2 = Z * Z;
  const centre = share + z2 / (2 * effectiveN);
  const reach =
    Z * Math.sqrt((share * (1 - share)) / effectiveN + z2 / (4 * effectiveN * effectiveN));
  const scale = 1 + z2 / effectiveN;
  return {
    // At 0 and 1 the two terms are equal, but for their last bits.
    low: share === 0 ? 0 : Math.max(0, (centre - reach) / scale),
    high: share === 1 ? 1 : Math.min(1, (centre + reach) / scale),
  };
}
