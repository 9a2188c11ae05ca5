import type { Column } from '../metrics/column.ts';
import type { RowSamples } from '../metrics/row-samples.ts';
import {
  type CaseSums,
  drawPriorWeight,
  type Uniform,
  weightedPlace,
  weightedSums,
} from '../stats/case-weights.ts';
import { OrderedSample } from '../stats/ordered-sample.ts';
import { censoredQuantile, minimumSamples, quantile } from '../stats/quantile.ts';
import type { Cases } from './cases.ts';
import type { Figure, Ratio } from './figure.ts';

/** A figure of one model that can be drawn again under other weights of its cases. */
export interface CaseFigure {
  /** As seen; NaN for n/a, `Infinity` for a latency that is only known to be large. */
  point: number;
  /** How many samples stand behind it. */
  n: number;
  /**
   * Where it lies under other weights: a coordinate of its own, for `value`.
   * @param weights by case number
   */
  draw(weights: Float64Array, next: Uniform): number;
  /**
   * The figure at such a place.
   * @param size how many times as many cases to suppose: then it strays by the root of that less
   */
  value(coordinate: number, size: number): number;
}

const NOTHING: CaseFigure = {
  point: Number.NaN,
  n: 0,
  draw: () => Number.NaN,
  value: () => Number.NaN,
};

/**
 * A figure of one model, made of its cases.
 * @param among only these, where given: 1 for the number of each
 */
export function caseFigure(
  figure: Figure,
  samples: RowSamples,
  cases: Cases,
  among?: Uint8Array,
): CaseFigure {
  if (figure.kind === 'ratio') return ratioFigure(figure.name, samples, cases, among);
  return quantileFigure(samples, cases, figure, among);
}

/** Samples with the number of the case of each. */
interface Sampled {
  values: Float64Array;
  cases: Uint32Array;
}

/** Entries that have a value, of the cases that are meant. */
function sampled(entries: Float64Array, numbers: Uint32Array, among?: Uint8Array): Sampled {
  const isMeant = (i: number) =>
    !Number.isNaN(entries[i]) && (among === undefined || among[numbers[i] as number] === 1);
  const at = Uint32Array.from(entries.keys()).filter(isMeant);
  return {
    values: Float64Array.from(at, (i) => entries[i] as number),
    cases: Uint32Array.from(at, (i) => numbers[i] as number),
  };
}

/** Shares of cases get Jeffreys' prior; a mean of dollars has no ends that one could be at. */
export const SHARES: readonly Ratio[] = ['score', 'accuracy', 'ungraded_share', 'error_rate'];

function ratioFigure(
  name: Ratio,
  samples: RowSamples,
  cases: Cases,
  among?: Uint8Array,
): CaseFigure {
  const sums = sumsByCase(name, samples, cases, among);
  const top = sums.top.reduce((sum, each) => sum + each, 0);
  const bottom = sums.bottom.reduce((sum, each) => sum + each, 0);
  if (bottom === 0) return NOTHING;
  // One case more, half of it right and half of it wrong.
  const ofCase = SHARES.includes(name) ? bottom / sums.cases.length : 0;
  const point = top / bottom;
  return {
    point,
    n: bottom,
    value: (drawn, size) => (size === 1 ? drawn : point + (drawn - point) / Math.sqrt(size)),
    draw: (weights, next) => {
      const drawn = weightedSums(sums, weights);
      if (ofCase === 0) return drawn.top / drawn.bottom;
      const [hit, miss] = [ofCase * drawPriorWeight(next), ofCase * drawPriorWeight(next)];
      return (drawn.top + hit) / (drawn.bottom + hit + miss);
    },
  };
}

function sumsByCase(
  name: Ratio,
  { keys, grades, failures, costs }: RowSamples,
  cases: Cases,
  among?: Uint8Array,
): CaseSums {
  const ofRequests = (entries: Float64Array) => sampled(entries, cases.numbersOf(keys), among);
  const ofGrades = (entries: Float64Array) => sampled(entries, cases.numbersOf(grades.keys), among);
  switch (name) {
    case 'score':
      return summed(ofGrades(grades.scores.entries()));
    case 'accuracy':
      return summed(ofGrades(grades.marks.entries()));
    case 'ungraded_share':
      return summed(ofGrades(grades.marks.entries().map((mark) => Number(Number.isNaN(mark)))));
    case 'error_rate':
      return summed(ofRequests(failures.entries()));
    case 'cost_per_request_usd': {
      // What was paid, requests that failed included, over the answers that it bought.
      const paid = costs.entries();
      const failed = failures.entries();
      const answers = paid.map((cost, i) => (Number.isNaN(cost) ? cost : Number(failed[i] === 0)));
      return summed(ofRequests(paid), ofRequests(answers).values);
    }
  }
}

/** Sums of samples by case, and of what they are divided by. */
function summed(
  { values, cases }: Sampled,
  of: Float64Array = new Float64Array(values.length).fill(1),
): CaseSums {
  const places = new Map<number, number>();
  for (const number of cases) if (!places.has(number)) places.set(number, places.size);
  const sums = {
    cases: Uint32Array.from(places.keys()),
    top: new Float64Array(places.size),
    bottom: new Float64Array(places.size),
  };
  for (let i = 0; i < cases.length; i++) {
    const place = places.get(cases[i] as number) as number;
    sums.top[place] = (sums.top[place] as number) + (values[i] as number);
    sums.bottom[place] = (sums.bottom[place] as number) + (of[i] as number);
  }
  return sums;
}

function quantileFigure(
  samples: RowSamples,
  cases: Cases,
  { metric, p }: Extract<Figure, { kind: 'quantile' }>,
  among?: Uint8Array,
): CaseFigure {
  const column = samples.columns[metric];
  const { values, cases: numbers } = sampled(
    column.entries(),
    cases.numbersOf(samples.keys),
    among,
  );
  if (values.length < minimumSamples(p)) return { ...NOTHING, n: values.length };
  const order = Uint32Array.from(values.keys()).sort(
    (a, b) => (values[a] as number) - (values[b] as number),
  );
  const sorted = Float64Array.from(order, (i) => values[i] as number);
  const caseOf = Uint32Array.from(order, (i) => numbers[i] as number);
  const found = censoredQuantile(sorted, p, column.lowestBound);
  const point = found === undefined || found.atLeast ? Infinity : found.value;
  const widening = timeWidening(samples, column, p);
  // How many samples each case has: adding up cases instead of samples, which may be many times more.
  const counts = summed({ values: sorted, cases: caseOf });
  return {
    point,
    n: values.length,
    draw: (weights) => {
      const { bottom: total } = weightedSums(counts, weights);
      const place = weightedPlace(caseOf, weights, p, total);
      return place < 0 ? Number.NaN : (place + 0.5) / sorted.length - p;
    },
    value: (offset, size) => {
      if (Number.isNaN(offset) || point === Infinity) return point;
      const share = Math.min(1, Math.max(0, p + (widening * offset) / Math.sqrt(size)));
      const value = quantile(sorted, share) as number;
      // At or past the smallest bound nobody knows how large it is.
      return value >= column.lowestBound ? Infinity : value;
    },
  };
}

/**
 * Requests of one time share its slow spells, which weights of cases know nothing of: so many times
 * farther than they say the place of a quantile may be off. That cases repeat they do know.
 */
function timeWidening(samples: RowSamples, column: Column, p: number): number {
  const { series } = samples.timeline().samplesOf(column);
  return Math.sqrt(
    series.length / new OrderedSample(series, null, column.lowestBound).effectiveN(p),
  );
}
