import type { RowEvidence } from '../../metrics/evidence.ts';
import type { Manifest } from '../../store/types.ts';
import { isMeant } from '../judge-thresholds.ts';
import { isTail } from '../paired/looks.ts';
import type { Threshold } from '../thresholds.ts';
import { requestsToDecide } from './limits-needed.ts';
import { metricPower, type Question } from './metric-power.ts';
import type { PairSource } from './pair-source.ts';
import { rounded } from './at-looks.ts';
import { type LaneSpending, type Rates, ratesOf, spendingOf, togetherOf } from './spending.ts';
import type { AtLooks, Chances, LimitPower, MetricPower, PowerResult, RowPower } from './types.ts';

/** A run as far as its noise goes. */
export interface Pilot {
  manifest: Manifest;
  sources: readonly PairSource[];
  evidence: readonly RowEvidence[];
}

/** What a check of the models of a run would see, and what it would cost. */
export function powerOf(
  { manifest, sources, evidence }: Pilot,
  thresholds: readonly Threshold[],
  question: Question,
): PowerResult {
  const { settings, certainty, seed } = question;
  const limited = thresholds.flatMap((threshold) =>
    evidence.filter(({ row }) => isMeant(row, threshold)).map((each) => ({ threshold, each })),
  );
  const tests = sources.length * settings.metrics.length + limited.length;
  const { concurrency, order } = runSettings(manifest);
  const rows = sources.map((source) => rowPower(source, tests, question, ratesOf(source.requests, concurrency), manifest));
  const sideBySide = order === 'parallel';
  const inLanes = (of: (row: RowPower) => LaneSpending['spending']) =>
    togetherOf(rows.map((row, index) => ({ lane: laneOf(sources[index]), spending: of(row) })), sideBySide);
  return {
    schema_version: 1,
    run_id: manifest.run_id,
    simulated: manifest.simulated,
    certainty,
    alpha: settings.alpha,
    tests,
    looks: settings.looks,
    tail_looks: settings.tailLooks,
    seed,
    rows,
    limits: limited.map(({ threshold, each }) => limitPower(threshold, each, tests, question, concurrency)),
    whole:
      rows.length === 0
        ? null
        : {
            unchanged: together(rows),
            expected: inLanes(({ expected }) => expected),
            most: inLanes(({ most }) => most),
          },
  };
}
