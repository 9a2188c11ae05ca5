import type { Baseline } from '../../baseline/types.ts';
import type { RowEvidence } from '../../metrics/evidence.ts';
import type { Estimate } from '../../metrics/types.ts';
import { countJudged, judgedMetrics } from '../judged-metrics.ts';
import { type GatedMetric, isGradeMetric, isOfShares } from '../metric.ts';
import { changeOf, shiftLimits } from '../paired/change.ts';
import { type Shift, verdictOf } from '../paired/judge.ts';
import type { GateSettings } from '../settings.ts';
import type { Finding, FindingVerdict } from '../types.ts';
import { type HistoryChange, levelsOf } from './change.ts';
import { levelChanges } from './level.ts';
import { RATIO_SCALE, ratioChange } from './ratio-change.ts';
import { asMetric, judgedEstimate, type Series, seriesOf, talliesOf, tallyOf } from './series.ts';
import { angleOf, shareChange, shareScale } from './share-change.ts';
import { ADVICE_TAIL, shiftFromOne } from './single-run.ts';
import { nextOf, runs, storeMore, whyFew, whyHistory, whyOne } from './words.ts';

/**
 * A run held against earlier ones of the same plan: every gated metric of every row. What a row has no
 * figure of, now or ever, is left out: a model that answers with one token has no time per token.
 * @param evidence of the run that is judged
 * @param history in the order of time, of the same plan, without the run that is judged
 * @param tests all findings of the check together, which share α
 * @see docs/baselines.md#method
 */
export function judgeHistory(
  evidence: readonly RowEvidence[],
  history: readonly Baseline[],
  settings: GateSettings,
  tests: number,
): Finding[] {
  const isGraded = evidence.some(({ row }) => row.grades !== undefined);
  return evidence.flatMap((each) => {
    const { measured, asked, watched } = metricsOf(each, settings);
    const judged = (metric: GatedMetric, isWatched: boolean) => {
      const series = seriesOf(each.row, metric, history);
      const value = judgedEstimate(each, metric);
      // A score that was asked for and that no row has is not passed over in silence.
      const isMissed = isGradeMetric(metric) && !isWatched && !isGraded;
      if (value.n === 0 && series.figures.length === 0 && !isMissed) return [];
      return [findingOf({ evidence: each, metric, series, value, settings, tests, isWatched })];
    };
    return [
      ...[...measured, ...asked].flatMap((metric) => judged(metric, false)),
      ...watched.flatMap((metric) => judged(metric, true)),
    ];
  });
}

/** How many findings `judgeHistory` makes at most. */
export function countHistory(evidence: readonly RowEvidence[], settings: GateSettings): number {
  return evidence.reduce((sum, each) => sum + countJudged(metricsOf(each, settings)), 0);
}

function metricsOf({ row }: RowEvidence, settings: GateSettings) {
  const isAsked = settings.metrics.some(isGradeMetric);
  return judgedMetrics(settings, row.grades !== undefined || isAsked);
}

/** What is said of a metric, before it is known whose it is. */
interface Judgement {
  verdict: FindingVerdict;
  advisory: boolean;
  baseline: Estimate | null;
  shift: Shift | null;
  why: string;
  next: string | null;
}

function findingOf(given: Case): Finding {
  const { evidence, metric, series, value, settings, isWatched } = given;
  const { target, model, label, suite } = evidence.row;
  const { shift, ...judged } = isWatched ? leftOpen(judge(given)) : judge(given);
  const count = series.figures.length;
  const tail = count === 1 ? ADVICE_TAIL : settings.alpha;
  return {
    form: 'history',
    ...{ target, model, label, suite },
    metric: metric.text,
    better: metric.better,
    ...judged,
    against: runs(count),
    value,
    change: shift === null ? null : changeOf(metric, shift, tail),
    limit: null,
    samples: { count, of: 'runs' },
    looks: { taken: 1, planned: 1 },
  };
}

/** Of what is watched, what cannot be decided is said for information. */
function leftOpen(judged: Judgement): Judgement {
  return judged.verdict === 'inconclusive' ? { ...judged, advisory: true } : judged;
}

interface Case {
  evidence: RowEvidence;
  metric: GatedMetric;
  series: Series;
  value: Estimate;
  settings: GateSettings;
  tests: number;
  /** It may fail the check, and holds nothing up where it does not. */
  isWatched: boolean;
}

function judge(given: Case): Judgement {
  const { metric, series, value, settings } = given;
  const [first, ...others] = series.figures;
  if (value.value === null || (metric.kind === 'quantile' && value.value <= 0)) {
    return undecided(value.n === 0 ? 'the run has no figure of it' : unusable(value));
  }
  if (first === undefined) return withoutRuns(series, settings);
  if (others.length === 0) return judgeOne(given);
  const change = changeFrom(given, value.value);
  if (change === null) return withoutRuns(series, settings);
  // A figure that is only known to be at least so much is as much worse as it looks, or more.
  const shift = value.at_least ? { ...change.shift, high: Infinity } : change.shift;
  const limits = shiftLimits(metric, settings);
  const advisory = series.figures.length < settings.leastRuns;
  const verdict = advisory ? 'inconclusive' : verdictOf(shift, limits);
  const told = { metric, series, change, shift, limits, verdict, settings };
  const since = verdict === 'pass' ? null : sinceWhen(given, value.value, change);
  return {
    verdict,
    advisory,
    baseline: baselineOf(change, series),
    shift,
    why: advisory ? whyFew(series, settings.leastRuns, told) : whyHistory(told, since),
    next: nextOf(told),
  };
}

function undecided(why: string): Judgement {
  const next = 'send the run again, with more requests where they were too few';
  return { verdict: 'inconclusive', advisory: false, baseline: null, shift: null, why, next };
}

function withoutRuns(series: Series, { leastRuns }: GateSettings): Judgement {
  const why = whyFew(series, leastRuns);
  const next = storeMore(leastRuns - series.figures.length);
  return { ...undecided(why), advisory: true, next };
}

function unusable({ value, n }: Estimate): string {
  if (value !== null) return 'a figure of 0 is no ratio of another';
  return `its ${n} samples are too few for a figure`;
}

/** With the spread between runs unknown, a single one shows where the run lies, and decides nothing. */
function judgeOne({ evidence, metric, series, value, settings }: Case): Judgement {
  const [earlier] = series.figures;
  const shift = earlier === undefined ? null : shiftFromOne(evidence, metric, { value, earlier });
  return {
    verdict: 'inconclusive',
    advisory: true,
    baseline: earlier?.estimate ?? null,
    shift,
    why: whyOne(metric, shift, settings.leastRuns),
    next: storeMore(settings.leastRuns - 1),
  };
}

function changeFrom(
  { evidence, metric, series, value: judged, settings, tests }: Case,
  value: number,
): HistoryChange | null {
  const levels = levelsOf(settings, tests);
  if (isOfShares(metric)) {
    const own = tallyOf(metric, evidence.row, judged);
    const change = shareChange(talliesOf(metric, series), own, levels);
    return change === null ? null : { ...change, baseline: turned(metric, change.baseline) };
  }
  const sizes = series.figures.map(({ estimate }) => estimate.n).sort((a, b) => a - b);
  const typical = sizes[Math.floor(sizes.length / 2)] as number;
  return ratioChange(
    series.figures.map(({ estimate }) => estimate.value),
    value,
    { better: metric.better, fewer: Math.max(1, typical / judged.n) },
    levels,
  );
}

/** Of a score, from what answers lack to what they reach. */
function turned(
  metric: GatedMetric,
  { value, low, high }: HistoryChange['baseline'],
): HistoryChange['baseline'] {
  if (metric.better === 'lower') return { value, low, high };
  return { value: asMetric(metric, value), low: 1 - high, high: 1 - low };
}

function baselineOf({ baseline, level }: HistoryChange, { figures }: Series): Estimate {
  const samples = level.runs.reduce((sum, at) => sum + (figures[at]?.estimate.n ?? 0), 0);
  return { ...baseline, n: samples };
}

/** The run since which figures have been where this one is; `null` where it is the first, or alone. */
function sinceWhen(
  { evidence, metric, series, value: judged }: Case,
  value: number,
  { level }: HistoryChange,
): string | null {
  const figures = series.figures.map(({ estimate }) => estimate.value);
  const own = tallyOf(metric, evidence.row, judged);
  const tallies = [...talliesOf(metric, series), own];
  const changes = isOfShares(metric)
    ? levelChanges(tallies.map(angleOf), shareScale(tallies))
    : levelChanges([...figures, value].map(Math.log), RATIO_SCALE);
  const last = changes.at(-1)?.index ?? 0;
  if (last <= (level.changes.at(-1)?.index ?? 0) || last >= figures.length) return null;
  return series.figures[last]?.runId ?? null;
}
