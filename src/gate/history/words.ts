import { counted } from '../../report/numbers.ts';
import { type GatedMetric, isOfShares } from '../metric.ts';
import type { Shift } from '../paired/judge.ts';
import { shiftWords, whereToLook } from '../paired/words.ts';
import type { ChangeLimits, GateSettings } from '../settings.ts';
import type { FindingVerdict } from '../types.ts';
import type { HistoryChange } from './change.ts';
import type { Series } from './series.ts';

/** A verdict and all that it rests on. */
export interface Told {
  metric: GatedMetric;
  series: Series;
  change: HistoryChange;
  shift: Shift;
  limits: ChangeLimits;
  verdict: FindingVerdict;
  settings: GateSettings;
}

/** Below this chance to fail at the limit of a pass, it is said. */
const LOW_POWER = 0.8;
/** A level that is younger than this is told of. */
const YOUNG_RUNS = 12;

export function runs(count: number): string {
  return counted(count, 'run');
}

/** `11.8 % higher than`, `equal to` */
function thanWords(metric: GatedMetric, shift: number): string {
  const words = shiftWords(metric, shift);
  return words === 'equal' ? 'equal to' : `${words} than`;
}

/**
 * Why it came out as it did.
 * @param since the run from which on figures have been where this one is
 */
export function whyHistory(told: Told, since: string | null): string {
  const { metric, shift, change, limits, verdict } = told;
  const words = (value: number) => shiftWords(metric, value);
  const place = `${thanWords(metric, shift.estimate)} ${levelWords(told)}`;
  const lately = since === null ? '' : `; it has been there since ${since}`;
  if (verdict === 'fail') {
    return `${place}, where chance explains up to ${words(change.byChance)}${lately}`;
  }
  if (verdict === 'pass') {
    return `${place}, ${words(shift.high)} at worst: below ${words(limits.passBelow)} it passes`;
  }
  const open =
    shift.low > 0
      ? `more than chance explains (${words(change.byChance)}), but whether by ${words(limits.passBelow)} is open`
      : `single runs come out up to ${words(change.byChance)} by chance`;
  return `${place}, ${words(shift.high)} at worst: ${open}${powerWords(told)}${lately}`;
}

/** «the last 12 runs», «the 5 runs since 20260301T020000Z-chat, when it rose by 15.2 %» */
function levelWords({ metric, series, change }: Told): string {
  const { level } = change;
  const last = level.changes.at(-1);
  const aside = level.setAside.filter((index) => index >= (level.runs[0] ?? 0)).length;
  const without = aside === 0 ? '' : ` (${counted(aside, 'outlier')} apart)`;
  if (last === undefined || series.figures.length - last.index > YOUNG_RUNS) {
    return `the last ${runs(level.count)}${without}`;
  }
  // Of shares, levels are those of what is bad.
  const isTurned = isOfShares(metric) && metric.better === 'higher';
  const way = last.after > last.before !== isTurned ? 'rose' : 'fell';
  const by = isOfShares(metric) ? '' : ` by ${stepWords(last.before, last.after)}`;
  return `the ${runs(level.count)}${without} since ${series.figures[last.index]?.runId}, where it ${way}${by}`;
}

/** Between two levels on the log scale. */
export function stepWords(before: number, after: number): string {
  return `${(100 * Math.abs(Math.expm1(after - before))).toFixed(1)} %`;
}

function powerWords({ metric, change, limits }: Told): string {
  const power = change.power(limits.passBelow);
  if (power >= LOW_POWER) return '';
  const chance = power < 0.01 ? 'under 1 %' : `${Math.round(100 * power)} %`;
  return `; ${shiftWords(metric, limits.passBelow)} would be found in ${chance} of checks`;
}

/** Too few runs for a verdict; with where the run lies, where two are there to tell. */
export function whyFew({ figures, without }: Series, leastRuns: number, told?: Told): string {
  const missing = Math.max(0, leastRuns - figures.length);
  const there =
    figures.length === 0
      ? 'no earlier run has a figure of it'
      : `only ${runs(figures.length)} of ${leastRuns}`;
  const apart = without === 0 ? '' : `, ${runs(without)} without a usable one`;
  const place =
    told === undefined ? '' : `${thanWords(told.metric, told.shift.estimate)} their level; `;
  return `${place}${there}${apart}: ${missing} more are missing`;
}

/** Of a single earlier run. */
export function whyOne(metric: GatedMetric, shift: Shift | null, leastRuns: number): string {
  const missing = `how much runs differ by chance is not known: ${leastRuns - 1} more are missing`;
  if (shift === null) return missing;
  const words = (value: number) => shiftWords(metric, value);
  const ends = Number.isFinite(shift.low + shift.high)
    ? ` (${words(shift.low)} to ${words(shift.high)}, by the requests of both alone)`
    : '';
  return `${thanWords(metric, shift.estimate)} the one earlier run${ends}; ${missing}`;
}

/** What to do next; nothing after a pass. */
export function nextOf({ metric, series, verdict, settings, change, limits }: Told): string | null {
  if (verdict === 'pass') return null;
  if (verdict === 'fail') return whereToLook(metric);
  const missing = settings.leastRuns - series.figures.length;
  if (missing > 0) return storeMore(missing);
  if (change.power(limits.passBelow) < LOW_POWER) {
    return 'send more requests in each run (a new history), judge fewer metrics, or compare with a live baseline (--against)';
  }
  return 'send the run again: a second one on the same side says more';
}

export function storeMore(missing: number): string {
  return `store ${counted(missing, 'more run')} of this plan: tokentape baseline add RUN`;
}
