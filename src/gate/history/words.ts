/** A change as a person reads it: `15.2 %`, of shares `2.1 points`; without a sign. */
export function amount(change: number, scale: 'ratio' | 'difference'): string {
  const hundredths = 100 * Math.abs(change);
  const text = hundredths >= 99.95 ? hundredths.toFixed(0) : hundredths.toFixed(1);
  return scale === 'ratio' ? `${text} %` : `${text} points`;
}

/** A limit as it was set: `5 %`, `1 point`. */
export function limit(share: number, scale: 'ratio' | 'difference'): string {
  const text = String(Number((100 * share).toPrecision(3)));
  if (scale === 'ratio') return `${text} %`;
  return text === '1' ? '1 point' : `${text} points`;
}

export function runs(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}

/** A chance in whole percent; what is not certain never rounds to it. */
export function chance(share: number): string {
  if (share > 0.99) return 'over 99 %';
  return share < 0.01 ? 'under 1 %' : `${Math.round(100 * share)} %`;
}
