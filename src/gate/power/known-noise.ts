import { createRandom, type Random } from '../../random.ts';
import { SignedRank } from '../../stats/signed-rank.ts';
import type { GatedMetric, GradeMetric } from '../metric.ts';
import { shiftLimits } from '../paired/change.ts';
import { gradedPairsOf } from '../paired/graded.ts';
import { ungradedWhy } from '../paired/graded-words.ts';
import { isTail, looksOf } from '../paired/looks.ts';
import { leastPairs, levelsOf } from '../paired/metric-gate.ts';
import { differencesOf, samplesOf } from '../paired/pair.ts';
import type { GateSettings } from '../settings.ts';
import { medianAtLooks, rateAtLooks, scoreAtLooks, type Trial, tailAtLooks } from './at-looks.ts';
import type { Plausible } from './needed.ts';
import type { PairSource } from './pair-source.ts';
import { RateNoise } from './rate-noise.ts';
import type { MetricNoise } from './rule.ts';
import { ScoreNoise } from './score-noise.ts';
import { LEAST_DIFFERENCES, ShiftNoise } from './shift-noise.ts';
import { leastPairsOf, TailNoise } from './tail-noise.ts';
import type { AtLooks, NoiseFigures } from './types.ts';

/** The noise of a metric, and what the gate makes of pairs drawn from it. */
export interface KnownNoise {
  noise: MetricNoise;
  figures: NoiseFigures;
  /** Share of the pairs that have the metric. */
  usableShare: number;
  /** @param shift on the scale of the noise */
  atLooks(shift: number): AtLooks;
}

export interface Trials {
  settings: GateSettings;
  /** Findings of the whole check. */
  tests: number;
  /** That are tried out for each answer. */
  checks: number;
  seed: string;
}

/** @returns why nothing is known, where nothing is */
export function knownNoise(
  source: PairSource,
  metric: GatedMetric,
  { settings, tests, checks, seed }: Trials,
): KnownNoise | string {
  const { target, model, suite } = source;
  const random = createRandom(`power/${seed}/${target}/${model}/${suite}/${metric.text}`);
  /** The same pairs are drawn whatever the change. */
  const trialOf = (usableShare: number): Trial => ({
    checks,
    looks: looksOf(metric, settings),
    levels: levelsOf(metric, settings, tests),
    limits: shiftLimits(metric, settings),
    leastPairs: leastPairs(metric),
    usableShare,
    random: random.fork('checks'),
  });
  if (metric.kind === 'error_rate') return rateNoise(source, trialOf);
  if (metric.kind === 'grade') return scoreNoise(source, metric, trialOf);
  return isTail(metric)
    ? tailNoise(source, metric, trialOf, random)
    : medianNoise(source, metric, trialOf, random);
}

type TrialOf = (usableShare: number) => Trial;
type QuantileMetric = Extract<GatedMetric, { kind: 'quantile' }>;

function rateNoise({ requests }: PairSource, trialOf: TrialOf): KnownNoise | string {
  if (requests.length < LEAST_DIFFERENCES) {
    return tooFew(requests.length, LEAST_DIFFERENCES, 'requests');
  }
  const failures = requests.filter(({ outcome }) => outcome !== 'ok').length;
  const noise = new RateNoise(failures, requests.length);
  const { easiest, hardest } = noise.rates;
  const rate = failures / requests.length;
  return {
    noise,
    figures: { sd: rate, low: easiest, high: hardest, samples: requests.length },
    usableShare: 1,
    atLooks: (change) => rateAtLooks(noise, change, trialOf(1)),
  };
}

function scoreNoise(
  { pairs, source }: PairSource,
  metric: GradeMetric,
  trialOf: TrialOf,
): KnownNoise | string {
  if (source === 'neighbours') {
    return 'each case was sent once, so nothing tells how far two answers to one differ: send each twice (--repeat 2), or a pilot';
  }
  const graded = gradedPairsOf(pairs, metric.text);
  const usable = graded.candidate.length;
  if (usable === 0) return ungradedWhy(graded).why;
  if (usable < LEAST_DIFFERENCES) return tooFew(usable, LEAST_DIFFERENCES, 'graded pairs');
  const differing = graded.candidate.reduce(
    (sum, one, index) => sum + Math.abs(one - (graded.baseline[index] as number)),
    0,
  );
  const noise = new ScoreNoise(differing, usable);
  const { easiest, hardest } = noise.differing;
  const usableShare = usable / graded.sent;
  return {
    noise,
    figures: { sd: differing / usable, low: easiest, high: hardest, samples: usable },
    usableShare,
    atLooks: (change) => scoreAtLooks(noise, change, trialOf(usableShare)),
  };
}

function medianNoise(
  { pairs }: PairSource,
  metric: QuantileMetric,
  trialOf: TrialOf,
  random: Random,
): KnownNoise | string {
  const differences = differencesOf(samplesOf(pairs, metric));
  const usable = differences.length;
  if (usable < LEAST_DIFFERENCES) return tooFew(usable, LEAST_DIFFERENCES, 'pairs that have it');
  const centre = new SignedRank(differences).estimate() ?? Number.NaN;
  if (!Number.isFinite(centre)) return 'most of its pairs have a timeout, which has no size';
  const noise = new ShiftNoise(
    differences.map((one) => one - centre),
    random,
  );
  const usableShare = usable / pairs.length;
  return {
    noise,
    figures: figuresOf(noise, usable),
    usableShare,
    atLooks: (shift) => medianAtLooks(noise, shift, trialOf(usableShare)),
  };
}

function tailNoise(
  { pairs }: PairSource,
  metric: QuantileMetric,
  trialOf: TrialOf,
  random: Random,
): KnownNoise | string {
  const samples = samplesOf(pairs, metric);
  const usable = samples.candidate.length;
  const least = leastPairsOf(metric.p);
  if (usable < least) return tooFew(usable, least, 'pairs that have it');
  // What is worse lies high, whichever way the metric points.
  const p = metric.better === 'lower' ? metric.p : 1 - metric.p;
  const noise = new TailNoise(samples, p, random);
  const usableShare = usable / pairs.length;
  return {
    noise,
    figures: figuresOf(noise, usable),
    usableShare,
    atLooks: (shift) => tailAtLooks(noise, shift, trialOf(usableShare)),
  };
}

function figuresOf(
  { scale, scales }: { scale: number; scales: Plausible<number> },
  samples: number,
): NoiseFigures {
  return { sd: scale, low: scale * scales.easiest, high: scale * scales.hardest, samples };
}

function tooFew(count: number, least: number, what: string): string {
  return `${count} ${what} are too few to know its noise; ${least} are the least`;
}
