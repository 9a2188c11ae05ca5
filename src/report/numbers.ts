import type { Estimate } from '../metrics/types.ts';

export const NOT_AVAILABLE = 'n/a';

/** Three significant digits below 100, whole numbers above: `0.123`, `4.56`, `78.9`, `1,234`. */
export function formatFigure(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001) return value.toExponential(1);
  if (size >= 99.95) return formatCount(value);
  return value.toPrecision(3);
}

/** A whole number, with commas between thousands whatever the machine's locale. */
export function formatCount(value: number): string {
  return value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share in percent, without the sign; what is not 0 or 100 never rounds to it. */
export function formatPercent(share: number): string {
  if (share === 0 || share === 1) return String(100 * share);
  if (share < 0.001) return '<0.1';
  return share > 0.999 ? '>99.9' : (100 * share).toFixed(1);
}

/** US dollars: cents, and below ten of them two significant digits. */
export function formatUsd(value: number): string {
  if (value === 0) return '$0';
  if (value < 0.0001) return '<$0.0001';
  return value < 0.0995 ? `$${Number(value.toPrecision(2))}` : `$${withCommas(value.toFixed(2))}`;
}

/** US dollars of one request, which may be a small part of a cent: two significant digits. */
export function formatUnitUsd(value: number): string {
  if (value === 0 || value >= 0.0995) return formatUsd(value);
  const decimals = Math.min(20, 1 - Math.floor(Math.log10(value)));
  return `$${value.toFixed(decimals).replace(/0+$/, '')}`;
}

/** An estimate by `format`; `≥` in front of a lower bound, `n/a` where there is no value. */
export function formatEstimate(estimate: Estimate, format: (value: number) => string): string {
  if (estimate.value === null) return NOT_AVAILABLE;
  return `${estimate.at_least ? '≥' : ''}${format(estimate.value)}`;
}

/**
 * The 95 % interval of an estimate, in so few characters that it stands beside or below the figure:
 * `±7%`, the farther end in percent of the figure, rounded up; `≥540` where it is open above; `±n/a`
 * where there are too few samples for one. Nothing where there is no figure.
 */
export function formatInterval(
  { value, low, high }: Estimate,
  format: (value: number) => string,
): string {
  if (value === null) return '';
  if (low === null) return `±${NOT_AVAILABLE}`;
  if (high === null) return `≥${format(low)}`;
  const percent = (100 * Math.max(high - value, value - low)) / Math.abs(value);
  if (!Number.isFinite(percent)) return `${format(low)}–${format(high)}`;
  return `±${percent < 1 ? roundedUp(percent, 1) : withCommas(roundedUp(percent, 0))}%`;
}

/** That of a share, its ends in whole percent, rounded outwards: `3–15`. */
export function formatShareInterval({ value, low, high }: Estimate): string {
  if (value === null) return '';
  if (low === null || high === null) return `±${NOT_AVAILABLE}`;
  return `${Math.floor(100 * low)}–${Math.ceil(100 * high)}`;
}

/** `format` of a value that may be absent. */
export function formatOptional(value: number | null, format: (value: number) => string): string {
  return value === null ? NOT_AVAILABLE : format(value);
}

/** A count with its noun: `1 reply`, `3 replies`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** To so many decimals; a last bit too much does not round it up. */
function roundedUp(value: number, decimals: number): string {
  const scale = 10 ** decimals;
  return (Math.ceil(value * scale - 1e-6) / scale).toFixed(decimals).replace(/^0\.0$/, '0');
}

function withCommas(fixed: string): string {
  const [whole = '', cents] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return cents === undefined ? grouped : `${grouped}.${cents}`;
}
