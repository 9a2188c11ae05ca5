import type { Model } from '../config/types.ts';
import type { PlannedRow } from '../metrics/types.ts';
import { createRandom, type Random } from '../random.ts';
import { isAddressed } from '../suite/audience.ts';
import type { Suite } from '../suite/types.ts';
import { type DrawnCase, drawPairs, drawWarmup } from './draw.ts';
import { planHash, planParts, promptsHash } from './hash.ts';
import type { Plan, PlanInput } from './plan.ts';
import { type Place, requestsOf, rowOf } from './requests.ts';
import type { Arm, PlannedRequest } from './types.ts';

/** A model where it is asked. */
export interface ArmPlace {
  target: string;
  model: Model;
}

/** Who is held against whom. Both may be the same: then nothing but chance tells them apart. */
export interface Opponents {
  candidate: ArmPlace;
  baseline: ArmPlace;
}

/** One candidate against one baseline, on one suite. Plain data. */
export interface Comparison {
  suite: string;
  candidate: ArmName;
  baseline: ArmName;
}

export interface ArmName {
  target: string;
  model: string;
  /** The model's alias, else its name. */
  label: string;
}

export interface PairedPlan extends Plan {
  comparisons: Comparison[];
}

export interface PairedPlanInput extends PlanInput {
  opponents: readonly Opponents[];
  /** Of each comparison. */
  pairs: number;
}

/**
 * A plan of pairs: both arms of a pair get the same case, one right after the other in one slot, in an
 * order drawn by lot, so that neither drift nor what the first leaves behind favours an arm. The same
 * input gives the same plan. In the order of sending; the first pairs of a comparison are the same ones
 * whatever their number.
 * @returns rows of both arms, each once; a row in several comparisons is planned for all of them
 */
export function buildPairedPlan(input: PairedPlanInput): PairedPlan {
  const { suites, targets, settings, opponents, pairs } = input;
  const random = createRandom(settings.seed).fork('plan');
  const drawn = suites.map((suite) => ({
    suite,
    measure: drawPairs(suite, pairs, random),
    warmup: drawWarmup(suite, settings, random),
  }));
  const plan = new PairedRequests(random);
  const comparisons: Comparison[] = [];
  for (const { candidate, baseline } of opponents) {
    for (const { suite, measure, warmup } of drawn) {
      // One arm alone is no pair.
      if (![candidate, baseline].every(({ model }) => isAddressed(suite, model.tags))) continue;
      plan.warmUp({ ...candidate, suite }, warmup);
      plan.warmUp({ ...baseline, suite }, warmup);
      plan.compare({ candidate, baseline }, suite, measure);
      comparisons.push({
        suite: suite.name,
        candidate: nameOf(candidate),
        baseline: nameOf(baseline),
      });
    }
  }
  const parts = planParts(suites, targets, settings, { pairs, comparisons });
  return {
    requests: plan.requests,
    rows: [...plan.rows.values()],
    cycle: false,
    comparisons,
    parts,
    planHash: planHash(parts),
    promptsHash: promptsHash(
      drawn.map(({ suite, measure }) => ({
        suite: suite.name,
        cases: measure.map((one) => one.case),
      })),
    ),
  };
}

function nameOf({ target, model }: ArmPlace): ArmName {
  return { target, model: model.name, label: model.label };
}

/** Requests in the order of sending, and what they come to by row. */
class PairedRequests {
  readonly requests: PlannedRequest[] = [];
  readonly rows = new Map<string, PlannedRow>();
  readonly #random: Random;
  readonly #warm = new Set<string>();
  #pairs = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Each model once on each suite, in however many comparisons it is. */
  warmUp(place: Place, drawn: readonly DrawnCase[]): void {
    const key = keyOf(place);
    if (this.#warm.has(key)) return;
    this.#warm.add(key);
    this.requests.push(...requestsOf(place, 'warmup', drawn, this.requests.length));
  }

  compare({ candidate, baseline }: Opponents, suite: Suite, drawn: readonly DrawnCase[]): void {
    const places = {
      candidate: { ...candidate, suite },
      baseline: { ...baseline, suite },
    };
    const label = ['arms', suite.name, candidate, baseline].map(labelOf).join('/');
    const lots = this.#random.fork(label);
    for (const place of Object.values(places)) this.#rowOf(place);
    for (const one of drawn) {
      // A coin of its own for each: only then are the signs of equal arms independent, whatever the load.
      const first = lots.pick<Arm>(['candidate', 'baseline']);
      const pairNames = Array.from({ length: one.turns }, (_, turn) =>
        pairName(this.#pairs + turn + 1),
      );
      this.#pairs += one.turns;
      for (const arm of [first, otherThan(first)]) {
        const place = places[arm];
        const turns = requestsOf(place, 'measure', [one], this.requests.length);
        this.requests.push(
          ...turns.map((request) => ({ ...request, pairId: pairNames[request.turn] ?? null, arm })),
        );
        this.#rowOf(place).planned += turns.length;
      }
    }
  }

  #rowOf(place: Place): PlannedRow {
    const key = keyOf(place);
    const row = this.rows.get(key) ?? rowOf(place, 0);
    this.rows.set(key, row);
    return row;
  }
}

function otherThan(arm: Arm): Arm {
  return arm === 'candidate' ? 'baseline' : 'candidate';
}

function pairName(number: number): string {
  return `p${String(number).padStart(5, '0')}`;
}

function labelOf(part: string | ArmPlace): string {
  return typeof part === 'string' ? part : `${part.target}/${part.model.name}`;
}

function keyOf({ target, model, suite }: Place): string {
  return [target, model.name, suite.name].join('\n');
}
