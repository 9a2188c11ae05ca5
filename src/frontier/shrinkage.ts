import { createRandom, type Random } from '../random.ts';
import { type CaseFigure, SHARES } from './case-figure.ts';
import type { DrawnFigure } from './draws.ts';
import type { Figure } from './figure.ts';

/** Places in (0, 1) at which the shrinkage is weighed. */
const PLACES = 200;

/**
 * The draws of all shares, shrunk; latencies and costs, in which models differ by times, stay as they are.
 * @param wanted the figures that are weighed; `null` where one is not drawn
 * @param figures those of each model, parallel to `wanted`
 */
export function shrunkShares(
  wanted: readonly (Figure | null)[],
  figures: readonly (readonly (CaseFigure | null)[])[],
  drawn: ReadonlyMap<CaseFigure, DrawnFigure>,
): Map<CaseFigure, DrawnFigure> {
  const all = wanted.flatMap((figure, k) => {
    if (figure?.kind !== 'ratio' || !SHARES.includes(figure.name)) return [];
    const own = figures.map((ofModel) => ofModel[k]).filter((one) => !!one);
    const known = own.filter(({ point }) => !Number.isNaN(point));
    return shrunk(
      known.flatMap((one) => drawn.get(one) ?? []),
      `${k}`,
    );
  });
  return new Map(all.map((one) => [one.figure, one]));
}

/** What is known of a figure of each model: in the middle, and how far it strays by itself alone. */
interface Seen {
  centres: number[];
  variances: number[];
}

/**
 * Draws of one figure of several models, drawn towards one another as far as chance alone could have
 * parted them. The best of what was seen is more often lucky than not: unless the models truly differ,
 * which is estimated from how far they lie apart beyond their noise, what sets it off is no skill.
 * Draws of the distance between models, τ, are from its posterior under the uniform shrinkage prior
 * (Daniels 1999, as Strawderman's 1971): κ = v/(v + τ²) is uniform in (0, 1).
 * @returns parallel to `figures`; as they were where they are fewer than two, or do not stray
 * @see docs/choosing.md
 */
export function shrunk(figures: readonly DrawnFigure[], seed: string): DrawnFigure[] {
  const draws = figures[0]?.coordinates.length ?? 0;
  const seen = seenOf(figures, draws);
  if (figures.length < 2 || !seen.variances.every((variance) => variance > 0)) return [...figures];
  const random = createRandom(seed);
  const steps = stepsOf(seen);
  const total = steps.at(-1)?.upTo ?? 0;
  const drawn = figures.map(({ figure }) => ({ figure, coordinates: new Float64Array(draws) }));
  for (let draw = 0; draw < draws; draw++) {
    const at = random.next() * total;
    const { between } = steps.find(({ upTo }) => at < upTo) as Step;
    const moved = movedTo(
      seen,
      between,
      figures.map(({ coordinates }) => coordinates[draw] as number),
      random,
    );
    moved.forEach((value, i) => {
      (drawn[i] as DrawnFigure).coordinates[draw] = value;
    });
  }
  return drawn;
}

/** Noise that all share, as of a hard draw of cases, parts nobody: variances are of the rest. */
function seenOf(figures: readonly DrawnFigure[], draws: number): Seen {
  const count = figures.length;
  const centres = figures.map(({ coordinates }) => meanOf(coordinates));
  const apart = new Array<number>(count).fill(0);
  for (let draw = 0; draw < draws; draw++) {
    const strays = figures.map(
      ({ coordinates }, i) => (coordinates[draw] as number) - (centres[i] as number),
    );
    const shared = meanOf(strays);
    strays.forEach((stray, i) => {
      apart[i] = (apart[i] as number) + (stray - shared) ** 2 / draws;
    });
  }
  // Of independent v_i, a distance from the mean has the variance v_i·(1 − 2/k) + Σv/k².
  const sum = (apart.reduce((a, b) => a + b, 0) * count) / (count - 1);
  const variances = apart.map((variance) =>
    count === 2
      ? sum / 2
      : Math.max(variance / 100, (variance - sum / count ** 2) / (1 - 2 / count)),
  );
  return { centres, variances };
}

interface Step {
  /** The variance between models. */
  between: number;
  /** What it and all before it weigh. */
  upTo: number;
}

/** How probable variances between models are, given where these lie; their mean may be any. */
function stepsOf({ centres, variances }: Seen): Step[] {
  const typical = variances.length / variances.reduce((sum, variance) => sum + 1 / variance, 0);
  const logs = Array.from({ length: PLACES }, (_, place) => {
    const shrinkage = (place + 0.5) / PLACES;
    const between = (typical * (1 - shrinkage)) / shrinkage;
    const { mean, precision } = middleOf(centres, variances, between);
    const fit = centres.reduce((sum, centre, i) => {
      const variance = (variances[i] as number) + between;
      return sum - (Math.log(variance) + (centre - mean) ** 2 / variance) / 2;
    }, -Math.log(precision) / 2);
    return { between, fit };
  });
  const most = Math.max(...logs.map(({ fit }) => fit));
  let upTo = 0;
  return logs.map(({ between, fit }) => {
    upTo += Math.exp(fit - most);
    return { between, upTo };
  });
}

function middleOf(values: readonly number[], variances: readonly number[], between: number) {
  const weights = variances.map((variance) => 1 / (variance + between));
  const precision = weights.reduce((sum, weight) => sum + weight, 0);
  const mean =
    values.reduce((sum, value, i) => sum + value * (weights[i] as number), 0) / precision;
  return { mean, precision };
}

/** One draw, each model's own stray from what all stray by made smaller, and its centre nearer to theirs. */
function movedTo(
  { centres, variances }: Seen,
  between: number,
  values: readonly number[],
  random: Random,
): number[] {
  const { mean, precision } = middleOf(centres, variances, between);
  const strays = values.map((value, i) => value - (centres[i] as number));
  const shared = middleOf(strays, variances, 0).mean;
  const middle = mean + random.normal() / Math.sqrt(precision);
  return centres.map((centre, i) => {
    const kept = between / ((variances[i] as number) + between);
    const own = (strays[i] as number) - shared;
    return shared + middle + kept * (centre - middle) + Math.sqrt(kept) * own;
  });
}

function meanOf(values: Float64Array | readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
