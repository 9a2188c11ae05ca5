import { isShare } from '../../compare/metrics.ts';
import type { Comparison, ComparisonRow, Shift, Word } from '../../compare/types.ts';
import type { Estimate, EstimateName } from '../../metrics/types.ts';
import { bracketed } from '../columns.ts';
import {
  formatCount,
  formatEstimate,
  formatFigure,
  formatInterval,
  formatPercent,
  formatShareInterval,
  NOT_AVAILABLE,
} from '../numbers.ts';
import { neutralise } from '../text.ts';

/** A side's figure, and its own interval beside it where there is room. */
export function figureCell(
  metric: EstimateName,
  estimate: Estimate | null,
  withInterval: boolean,
): string {
  if (estimate === null) return NOT_AVAILABLE;
  const figure = formatEstimate(estimate, isShare(metric) ? formatPercent : formatFigure);
  const interval = withInterval ? intervalOf(metric, estimate) : '';
  return interval === '' ? figure : `${figure} ${interval}`;
}

function intervalOf(metric: EstimateName, estimate: Estimate): string {
  return bracketed(
    isShare(metric) ? formatShareInterval(estimate) : formatInterval(estimate, formatFigure),
  );
}

/** `+10.1% [+7.2, +13.3]`; of a share in points. */
export function shiftCell(shift: Shift | null): string {
  if (shift === null) return NOT_AVAILABLE;
  const unit = shift.unit === 'percent' ? '%' : ' pt';
  const value = shift.value === null ? '' : `${signed(shift.value)}${unit} `;
  const [low, high] = [shift.low, shift.high].map((end) => (end === null ? null : signed(end)));
  return `${value}[${low ?? '…'}, ${high ?? '…'}]`;
}

/** `+7…+13 slower`: the interval's ends and the word, in as few columns as may be. */
export function shortShift(shift: Shift | null): string {
  if (shift === null) return '';
  const { low, high, word } = shift;
  const ends = [low, high].map((end) => (end === null ? '' : signed(end, Math.abs(end) < 9.95)));
  return `${ends.join('…')} ${SHORT[word] ?? word}`;
}

const SHORT: Partial<Record<Word, string>> = { 'no difference': '=', undecided: '?' };

/** A shift's number with its sign. */
function signed(value: number, decimal = Math.abs(value) < 99.95): string {
  const text = decimal ? value.toFixed(1) : formatCount(value);
  const positive = text.replace(/^-(?=[0.]+$)/, '');
  return value > 0 && Number(positive.replaceAll(',', '')) !== 0 ? `+${positive}` : positive;
}

/** What colour a word has, where there is colour: green is good for whoever runs the model. */
export function painted(
  text: string,
  word: Word | undefined,
  { green, red }: { green: (text: string) => string; red: (text: string) => string },
): string {
  if (word === 'faster' || word === 'better') return green(text);
  return word === 'slower' || word === 'worse' ? red(text) : text;
}

/** The target and the run are named where the rows have several. */
export function rowName(row: ComparisonRow, { rows }: Comparison): string {
  const several = (field: 'run' | 'target') => new Set(rows.map((each) => each[field])).size > 1;
  return [row.label, row.suite, several('target') && row.target, several('run') && row.run]
    .filter((part) => part !== null && part !== false)
    .map(neutralise)
    .join(' · ');
}

/** `n 96 · paired`, `n 96, 90 · unpaired`, `n 96 · B paired, C unpaired`: what the shifts of a row rest on. */
export function rowSamples({ metrics }: ComparisonRow, sides: readonly number[]): string {
  const counts = sides.map((side) =>
    Math.max(0, ...metrics.map(({ estimates }) => estimates[side]?.n ?? 0)),
  );
  const n = new Set(counts).size === 1 ? counts.slice(0, 1) : counts;
  const pairings = sides.flatMap((side) => {
    const shifts = metrics.flatMap(({ shifts: all }) => all[side] ?? []);
    if (shifts.length === 0) return [];
    return [{ side, word: shifts.some(({ paired }) => paired) ? 'paired' : 'unpaired' }];
  });
  const words = [...new Set(pairings.map(({ word }) => word))];
  const pairing =
    words.length < 2
      ? words
      : [pairings.map(({ side, word }) => `${letter(side)} ${word}`).join(', ')];
  return [`n ${n.map(formatCount).join(', ')}`, ...pairing].join(' · ');
}

/** A, B, …, Z, then A1, B1, … */
export function letter(index: number): string {
  const round = Math.floor(index / 26);
  return `${String.fromCharCode(65 + (index % 26))}${round === 0 ? '' : round}`;
}

/** Metrics of which any row of any side has a figure: a line of nothing but n/a says nothing. */
export function reachedMetrics({ rows }: Comparison): EstimateName[] {
  const all = rows[0]?.metrics.map(({ metric }) => metric) ?? [];
  return all.filter((metric) =>
    rows.some(({ metrics }) =>
      metrics.some(
        (each) =>
          each.metric === metric && each.estimates.some((one) => (one?.value ?? null) !== null),
      ),
    ),
  );
}
