import { createRandom } from '../../random.ts';
import { SignedRank } from '../../stats/signed-rank.ts';
import type { GatedMetric } from '../metric.ts';
import { armQuantile } from '../paired/arm.ts';
import { shiftLimits } from '../paired/change.ts';
import { isTail, looksOf } from '../paired/looks.ts';
import { leastPairs, levelsOf } from '../paired/metric-gate.ts';
import { differencesOf, samplesOf } from '../paired/pair.ts';
import type { GateSettings } from '../settings.ts';
import { medianAtLooks, rateAtLooks, type Trial, tailAtLooks } from './at-looks.ts';
import type { Needed } from './needed.ts';
import type { PairSource } from './pair-source.ts';
import { RateNoise } from './rate-noise.ts';
import type { MetricNoise } from './rule.ts';
import { LEAST_DIFFERENCES, ShiftNoise } from './shift-noise.ts';
import { leastPairsOf, TailNoise } from './tail-noise.ts';
import type { AtLooks, MetricPower, NoiseFigures } from './types.ts';

export interface Question {
  settings: GateSettings;
  /** Shares; of an error rate points. */
  changes: readonly number[];
  /** In (0.5, 1). */
  certainty: number;
  /** Checks that are tried out for each answer. */
  checks: number;
  seed: string;
}

/** A noise, and what the gate makes of pairs drawn from it. */
interface Known {
  noise: MetricNoise;
  figures: NoiseFigures;
  usableShare: number;
  atLooks(change: number): AtLooks;
}

/** What it takes to see changes of one metric. @param tests findings of the whole check */
export function metricPower(
  source: PairSource,
  metric: GatedMetric,
  tests: number,
  question: Question,
): MetricPower {
  const { settings, changes, certainty } = question;
  const looks = looksOf(metric, settings);
  const last = looks.at(-1) ?? 0;
  const base = { metric: metric.text, value: valueOf(source, metric), last_look: last };
  const known = knownOf(source, metric, tests, question);
  if (typeof known === 'string') {
    return { ...base, unknown: known, noise: null, unchanged: null, changes: [], smallest_change: null };
  }
  const { noise, figures, usableShare, atLooks } = known;
  const scale = scaleOf(metric);
  const rule = { alpha: levelsOf(metric, settings, tests).fail, least: shiftLimits(metric, settings).failFrom };
  const sent = (pairs: number | null) => (pairs === null ? null : Math.ceil(pairs / usableShare));
  const smallest = noise.smallestChange(last * usableShare, rule, certainty);
  return {
    ...base,
    unknown: null,
    noise: figures,
    unchanged: atLooks(0),
    changes: changes.map((change) => ({
      change,
      pairs: mapped(noise.pairsNeeded(scale.to(change), rule, certainty), sent),
      at_looks: atLooks(scale.to(change)),
    })),
    smallest_change: smallest === null ? null : scale.from(smallest),
  };
}

function mapped({ value, low, high }: Needed, of: (pairs: number | null) => number | null): Needed {
  return { value: of(value), low: of(low), high: of(high) };
}

/** From a change to the scale that the gate judges on, and back. */
function scaleOf({ kind }: GatedMetric): { to(change: number): number; from(shift: number): number } {
  if (kind === 'quantile') return { to: Math.log1p, from: Math.expm1 };
  return { to: (change) => change, from: (shift) => shift };
}

/** @returns why nothing is known, where nothing is */
function knownOf(
  source: PairSource,
  metric: GatedMetric,
  tests: number,
  { settings, checks, seed }: Question,
): Known | string {
  const { target, model, suite, pairs, requests } = source;
  const random = createRandom(`power/${seed}/${target}/${model}/${suite}/${metric.text}`);
  const trial = {
    checks,
    looks: looksOf(metric, settings),
    levels: levelsOf(metric, settings, tests),
    limits: shiftLimits(metric, settings),
    leastPairs: leastPairs(metric),
  };
  /** The same pairs are drawn whatever the change. */
  const trialOf = (usableShare: number): Trial => ({ ...trial, usableShare, random: random.fork('checks') });
  if (metric.kind === 'error_rate') {
    if (requests.length < LEAST_DIFFERENCES) return tooFew(requests.length, LEAST_DIFFERENCES, 'requests');
    const failures = requests.filter(({ outcome }) => outcome !== 'ok').length;
    const noise = new RateNoise(failures, requests.length);
    return {
      noise,
      figures: { sd: failures / requests.length, low: noise.rates.easiest, high: noise.rates.hardest, samples: requests.length },
      usableShare: 1,
      atLooks: (change) => rateAtLooks(noise, change, trialOf(1)),
    };
  }
  const samples = samplesOf(pairs, metric);
  const usable = samples.candidate.length;
  const usableShare = usable / pairs.length;
  const figuresOf = (scale: number, { easiest, hardest }: { easiest: number; hardest: number }) => ({
    sd: scale,
    low: scale * easiest,
    high: scale * hardest,
    samples: usable,
  });
  const least = isTail(metric) ? leastPairsOf(metric.p) : LEAST_DIFFERENCES;
  if (usable < least) return tooFew(usable, least, 'pairs that have it');
  if (isTail(metric)) {
    const noise = new TailNoise(samples, metric.better === 'lower' ? metric.p : 1 - metric.p, random);
    return {
      noise,
      figures: figuresOf(noise.scale, noise.scales),
      usableShare,
      atLooks: (change) => tailAtLooks(noise, change, trialOf(usableShare)),
    };
  }
  const differences = differencesOf(samples);
  const centre = new SignedRank(differences).estimate() ?? Number.NaN;
  if (!Number.isFinite(centre)) return 'most of it are timeouts, which have no size';
  const noise = new ShiftNoise(differences.map((one) => one - centre), random);
  return {
    noise,
    figures: figuresOf(noise.scale, noise.scales),
    usableShare,
    atLooks: (change) => medianAtLooks(noise, change, trialOf(usableShare)),
  };
}

function tooFew(count: number, least: number, what: string): string {
  return `${count} ${what} are too few to know its noise; ${least} are the least`;
}

/** Of the baseline where there is one, else of all. */
function valueOf({ source, requests, pairs }: PairSource, metric: GatedMetric): number | null {
  if (metric.kind === 'error_rate') {
    const failures = requests.filter(({ outcome }) => outcome !== 'ok').length;
    return requests.length === 0 ? null : failures / requests.length;
  }
  const records = source === 'pairs' ? pairs.map(({ baseline }) => baseline) : requests;
  return armQuantile(records, metric).value;
}
