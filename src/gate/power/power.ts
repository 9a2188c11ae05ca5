import type { Baseline } from '../../baseline/types.ts';
import type { RowEvidence } from '../../metrics/evidence.ts';
import { isSameRow } from '../../metrics/row-key.ts';
import { isMeant } from '../judge-thresholds.ts';
import { countJudged, judgedMetrics } from '../judged-metrics.ts';
import type { Threshold } from '../thresholds.ts';
import { historyPower } from './history-needed.ts';
import { requestsToDecide } from './limits-needed.ts';
import { metricPower, type Question } from './metric-power.ts';
import type { PairSource } from './pair-source.ts';
import { type Rates, ratesOf, spendingOf, togetherOf } from './spending.ts';
import type { LimitPower, PowerResult, RowPower, Spending } from './types.ts';
import { chancesOf, expectedPairs, lastLook } from './whole.ts';

/** A run as far as its noise goes. */
export interface Pilot {
  sources: readonly PairSource[];
  evidence: readonly RowEvidence[];
  /** Requests in flight of one model. */
  concurrency: number;
  /** Whether models are asked at the same time. */
  sideBySide: boolean;
}

export type PowerAnswer = Pick<PowerResult, 'tests' | 'rows' | 'limits' | 'history' | 'whole'>;

/**
 * What a check of the models of a run would see, and what it would cost.
 * @param history earlier runs that the next one is held against; where there are any, no pairs are sent
 * @param question its `tests` and `checks` are found here
 * @param besides limits that the check judges as well, of which nothing is asked: α is shared with them
 */
export function powerOf(
  pilot: Pilot,
  thresholds: readonly Threshold[],
  history: readonly Baseline[],
  question: Omit<Question, 'tests' | 'checks'>,
  besides: readonly Threshold[] = [],
): PowerAnswer {
  const { sources, evidence, concurrency, sideBySide } = pilot;
  const limitsOf = (all: readonly Threshold[]) =>
    all.flatMap((threshold) =>
      evidence.filter(({ row }) => isMeant(row, threshold)).map((each) => ({ threshold, each })),
    );
  const limited = limitsOf(thresholds);
  const limits = limited.length + limitsOf(besides).length;
  const { metrics } = question.settings;
  const compared = metrics.length === 0 || history.length > 0 ? [] : sources;
  const continued = history.length === 0 ? [] : evidence.filter(wasSent);
  // What is watched shares α as well, though nothing is asked of it.
  const judgedOf = (isGraded: boolean) => countJudged(judgedMetrics(question.settings, isGraded));
  const judged = [
    ...compared.map(isGradedSource),
    ...continued.map(({ row }) => row.grades !== undefined),
  ].map((isGraded) => Math.max(metrics.length, judgedOf(isGraded)));
  const tests = judged.reduce((sum, count) => sum + count, 0) + limits;
  const answers = compared.length * metrics.length * (1 + question.changes.length);
  const asked: Question = { ...question, tests, checks: checksFor(answers) };
  const rates = new Map(sources.map((one) => [one, ratesOf(one.requests, concurrency)]));
  const rows = compared.map((source) => ({
    lane: `${source.baseline.target}\n${source.baseline.model}`,
    row: rowPower(source, asked, rates.get(source) as Rates, labelOf(source, evidence)),
  }));
  const together = (of: (row: RowPower) => Spending) =>
    togetherOf(
      rows.map(({ lane, row }) => ({ lane, spending: of(row) })),
      sideBySide,
    );
  return {
    tests,
    rows: rows.map(({ row }) => row),
    limits: limited.map(({ threshold, each }) => {
      const source = sources.find((one) => isSameRow(one, each.row));
      return limitPower(threshold, each, asked, source && rates.get(source));
    }),
    history: continued.flatMap(({ row: { target, model, label, suite } }) =>
      metrics.map((metric) => ({
        ...{ target, model, label, suite },
        ...historyPower({ target, model, suite }, metric, history, asked),
      })),
    ),
    whole:
      rows.length === 0
        ? null
        : {
            unchanged: chancesOf(rows.flatMap(({ row }) => row.metrics)),
            expected: together(({ expected }) => expected),
            most: together(({ most }) => most),
          },
  };
}

function isGradedSource({ pairs }: PairSource): boolean {
  return pairs.some(({ candidate, baseline }) => candidate.grade ?? baseline.grade);
}

function wasSent({ row: { requests } }: RowEvidence): boolean {
  return requests.planned > requests.skipped;
}

/** A thousand checks tell a share of 95 % to ±1.4 points; for many answers, fewer have to do. */
function checksFor(answers: number): number {
  return Math.min(1000, Math.max(200, Math.round(60_000 / Math.max(1, answers))));
}

function rowPower(source: PairSource, question: Question, rates: Rates, label: string): RowPower {
  const metrics = question.settings.metrics.map((metric) => metricPower(source, metric, question));
  const { target, model, suite } = source;
  return {
    target,
    model,
    label,
    suite,
    source: source.source,
    upper_bound: source.source === 'neighbours',
    metrics,
    expected: spendingOf(2 * expectedPairs(metrics), rates),
    most: spendingOf(2 * lastLook(metrics), rates),
  };
}

function limitPower(
  threshold: Threshold,
  evidence: RowEvidence,
  { settings, tests, certainty }: Question,
  rates: Rates | undefined,
): LimitPower {
  const looks = settings.looks.length;
  const rule = { failAlpha: settings.alpha / (looks * tests), passAlpha: settings.alpha / looks };
  const { target, model, label, suite } = evidence.row;
  const decision = requestsToDecide(threshold, evidence, rule, certainty);
  const { value } = decision.requests;
  return {
    threshold: threshold.text,
    target,
    model,
    label,
    suite,
    ...decision,
    spending: value === null || rates === undefined ? null : spendingOf(value, rates),
  };
}

function labelOf(source: PairSource, evidence: readonly RowEvidence[]): string {
  return evidence.find(({ row }) => isSameRow(source, row))?.row.label ?? source.model;
}
