/**
 * Cohen's κ of two raters with two labels: agreement beyond what chance alone would give them.
 * @param counts of items by what both say; `yesNo`: the first says yes, the second no
 * @returns at most 1; `null` where there is nothing to count, or chance alone has them agree on all
 * @see Cohen (1960), A coefficient of agreement for nominal scales
 */
export function cohensKappa(counts: {
  yesYes: number;
  yesNo: number;
  noYes: number;
  noNo: number;
}): number | null {
  const { yesYes, yesNo, noYes, noNo } = counts;
  const n = yesYes + yesNo + noYes + noNo;
  if (n === 0) return null;
  const observed = (yesYes + noNo) / n;
  const byChance =
    ((yesYes + yesNo) * (yesYes + noYes) + (noYes + noNo) * (yesNo + noNo)) / (n * n);
  return byChance === 1 ? null : (observed - byChance) / (1 - byChance);
}
