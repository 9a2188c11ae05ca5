import { observe } from '../gate/observe.ts';
import { estimate } from '../metrics/estimate.ts';
import type { Estimate } from '../metrics/types.ts';
import type { Manifest } from '../store/types.ts';
import { Cases } from './cases.ts';
import { type Axes, dominance, SURE_FROM, type Weighed, weigh } from './dominance.ts';
import { drawsFor, intervalOf } from './draws.ts';
import { type Figure, ratioFigure } from './figure.ts';
import type { Candidate } from './pool.ts';
import {
  AXES,
  type Axis,
  type Dominance,
  type Frontier,
  type FrontierModel,
  type ModelName,
} from './types.ts';
import { warningsOf } from './warnings.ts';

export interface FrontierChoice {
  quality: 'score' | 'accuracy';
  speed: Figure;
}

/**
 * Which models are worth having: those that no other beats on quality, speed and cost together.
 * @param runs those that the candidates are of
 * @see docs/choosing.md
 */
export function frontierOf(
  candidates: readonly Candidate[],
  runs: readonly Manifest[],
  { quality, speed }: FrontierChoice,
): Frontier {
  const all: Record<Axis, Figure> = {
    quality: ratioFigure(quality),
    speed,
    cost: ratioFigure('cost_per_request_usd'),
  };
  const cases = casesOf(candidates);
  const draws = drawsOf(candidates);
  const models = candidates.map(({ evidence, suites }) => ({ samples: evidence.samples, suites }));
  const weighed = weigh(models, all, cases, draws);
  const rows = candidates.map((one, i) => figuresOf(one, all, weighed[i] as Weighed));
  const axes = AXES.filter((axis) => rows.some(({ on }) => on[axis].value !== null));
  const axesOf: Axes = Object.fromEntries(axes.map((axis) => [axis, all[axis]]));
  const found = rows.map(({ name, on, rest }, i): FrontierModel => {
    const lacking = axes.filter((axis) => on[axis].value === null);
    const dominated_by = axes.length < 2 ? [] : dominators(i, weighed, rows, axesOf, cases, draws);
    return {
      ...name,
      ...rest,
      quality: on.quality,
      speed: on.speed,
      cost_per_request_usd: on.cost,
      cost_per_1000_requests_usd: thousand(on.cost),
      on_frontier: lacking.length > 0 || axes.length < 2 ? null : dominated_by.length === 0,
      lacking,
      dominated_by,
    };
  });
  return {
    schema_version: 1,
    runs: runs.map(({ run_id }) => run_id),
    simulated: candidates.some(({ simulated }) => simulated),
    suites: [...new Set(candidates.flatMap(({ suites }) => suites))],
    quality,
    speed: speed.text,
    axes,
    sure_from: SURE_FROM,
    draws,
    models: found.sort(byRank),
    warnings: warningsOf(candidates, runs, Object.values(all)),
  };
}

/** All cases of these models, numbered. */
export function casesOf(candidates: readonly Candidate[]): Cases {
  const cases = new Cases();
  for (const { evidence } of candidates) {
    cases.numbersOf(evidence.samples.keys);
    cases.numbersOf(evidence.samples.grades.keys);
  }
  return cases;
}

export function drawsOf(candidates: readonly Candidate[]): number {
  return drawsFor(candidates.reduce((sum, { evidence }) => sum + evidence.samples.keys.count, 0));
}

/** A model with its figures on the axes, and those that stand beside them. */
function figuresOf(candidate: Candidate, figures: Record<Axis, Figure>, weighed: Weighed) {
  const { target, model, label, simulated, suites, evidence } = candidate;
  const { estimates, requests } = evidence.row;
  const name: ModelName = { target, model, label };
  const on: Record<Axis, Estimate> = {
    quality: estimates[figures.quality.text as FrontierChoice['quality']],
    speed: figures.speed.kind === 'quantile' ? observe(evidence, figures.speed) : estimate(null, 0),
    cost: costEstimate(candidate, weighed),
  };
  const rest = {
    simulated,
    suites,
    cases: evidence.samples.keys.caseCount,
    requests,
    error_rate: estimates.error_rate,
    ungraded_share: estimates.ungraded_share,
    ttft_ms_p50: estimates.ttft_ms_p50,
    decode_tokens_per_second_p50: estimates.decode_tokens_per_second_p50,
    e2e_ms_p50: estimates.e2e_ms_p50,
  };
  return { name, on, rest };
}

/** What an answer costs, with the interval that draws of its cases give it. */
function costEstimate({ evidence }: Candidate, { figures }: Weighed): Estimate {
  const { figure, draws } = figures.get('cost') as NonNullable<ReturnType<typeof figures.get>>;
  if (Number.isNaN(figure.point)) return estimate(null, figure.n);
  const interval = evidence.samples.keys.caseCount < 2 ? null : intervalOf(draws);
  return estimate(figure.point, figure.n, interval ?? undefined);
}

function thousand({ value, low, high, n }: Estimate): Estimate {
  const times = (figure: number | null) => (figure === null ? null : 1000 * figure);
  return { value: times(value), low: times(low), high: times(high), n };
}

function dominators(
  index: number,
  weighed: readonly Weighed[],
  rows: readonly { name: ModelName }[],
  axes: Axes,
  cases: Cases,
  draws: number,
): Dominance[] {
  const weak = weighed[index] as Weighed;
  return weighed
    .flatMap((strong, i): Dominance[] => {
      if (i === index) return [];
      const found = dominance(strong, weak, axes, cases, draws);
      return found === null ? [] : [{ ...(rows[i] as { name: ModelName }).name, ...found }];
    })
    .sort((a, b) => b.probability - a.probability);
}

/** The frontier, then what is dominated, then what lacks a figure; the best quality first in each. */
function byRank(a: FrontierModel, b: FrontierModel): number {
  const rank = ({ on_frontier }: FrontierModel) => (on_frontier === null ? 2 : on_frontier ? 0 : 1);
  const quality = ({ quality }: FrontierModel) => quality.value ?? -1;
  return rank(a) - rank(b) || quality(b) - quality(a);
}
