import type { Random } from '../../random.ts';
import {
  errorRateShift,
  type Levels,
  medianShift,
  type Shift,
  verdictOf,
} from '../paired/judge.ts';
import type { ChangeLimits } from '../settings.ts';
import type { FindingVerdict } from '../types.ts';
import type { RateNoise } from './rate-noise.ts';
import { pairShares, type ScoreNoise } from './score-noise.ts';
import type { ShiftNoise } from './shift-noise.ts';
import type { TailNoise } from './tail-noise.ts';
import type { AtLooks } from './types.ts';

/** How checks are tried out. */
export interface Trial {
  /** How many. */
  checks: number;
  /** Pairs that are sent before each look, ascending. */
  looks: readonly number[];
  levels: Levels;
  /** On the scale of the noise: logarithms, or shares. */
  limits: ChangeLimits;
  /** Share of the pairs sent that the metric has. */
  usableShare: number;
  /** Usable pairs before a verdict. */
  leastPairs: number;
  random: Random;
}

/** What the gate says of a median, on differences drawn from a noise and moved by `shift`. */
export function medianAtLooks(noise: ShiftNoise, shift: number, trial: Trial): AtLooks {
  const { looks, levels, usableShare, leastPairs, random } = trial;
  const drawn = new Float64Array(looks.at(-1) ?? 0);
  return tally(trial, () => {
    // What is not known of the noise differs from check to check.
    const factor = random.pick(noise.scales.nodes);
    let sent = 0;
    let usable = 0;
    return (pairs) => {
      for (; sent < pairs; sent++) {
        if (random.next() >= usableShare) continue;
        drawn[usable++] = factor * noise.draw(random) + shift;
      }
      return usable < leastPairs ? null : medianShift(drawn.subarray(0, usable), levels);
    };
  });
}

/** The same of an error rate that is higher by `change`, a share. */
export function rateAtLooks(noise: RateNoise, change: number, trial: Trial): AtLooks {
  const { levels, leastPairs, random } = trial;
  return tally(trial, () => {
    const rate = random.pick(noise.rates.nodes);
    const changed = Math.min(1, rate + change);
    const counts = { pairs: 0, both: 0, candidateOnly: 0, baselineOnly: 0 };
    return (pairs) => {
      for (; counts.pairs < pairs; counts.pairs++) {
        const candidate = random.next() < changed;
        const baseline = random.next() < rate;
        if (candidate && baseline) counts.both++;
        else if (candidate) counts.candidateOnly++;
        else if (baseline) counts.baselineOnly++;
      }
      return counts.pairs < leastPairs ? null : errorRateShift(counts, levels);
    };
  });
}

/** The same of a score that is lower by `change`, each pair being a case of its own. */
export function scoreAtLooks(noise: ScoreNoise, change: number, trial: Trial): AtLooks {
  const { levels, leastPairs, usableShare, random } = trial;
  return tally(trial, () => {
    const { worse, better } = pairShares(random.pick(noise.differing.nodes), change);
    const counts = { pairs: 0, candidateOnly: 0, baselineOnly: 0 };
    let sent = 0;
    return (pairs) => {
      for (; sent < pairs; sent++) {
        if (random.next() >= usableShare) continue;
        counts.pairs++;
        const drawn = random.next();
        if (drawn < worse) counts.candidateOnly++;
        else if (drawn < worse + better) counts.baselineOnly++;
      }
      return counts.pairs < leastPairs ? null : errorRateShift(counts, levels);
    };
  });
}

/**
 * What it says of a tail, by the quantile's own approximate normality: to try out every check with
 * thousands of permutations would take minutes. Looks are taken as if each decided for itself.
 */
export function tailAtLooks(
  noise: TailNoise,
  shift: number,
  { looks, levels, limits, usableShare }: Omit<Trial, 'checks' | 'random'>,
): AtLooks {
  let [pass, fail] = [0, 0];
  let pairsMean = 0;
  const decided = looks.map((pairs, index) => {
    pairsMean += (1 - pass - fail) * (pairs - (looks[index - 1] ?? 0));
    const usable = pairs * usableShare;
    const passRule = { alpha: levels.pass, below: limits.passBelow };
    const failRule = {
      alpha: levels.fail,
      least: limits.failFrom,
      pass: passRule,
      earlier: [],
    };
    fail = Math.max(fail, noise.failPower(usable, shift, failRule));
    pass = Math.min(1 - fail, Math.max(pass, noise.passPower(usable, shift, passRule)));
    return { pairs, pass: rounded(pass), fail: rounded(fail) };
  });
  return {
    pass: rounded(pass),
    fail: rounded(fail),
    inconclusive: rounded(1 - pass - fail),
    looks: decided,
    pairs_mean: rounded(pairsMean),
  };
}

/** @param begin starts a check, and gives what it sees at each look */
function tally(
  { checks, looks, limits }: Trial,
  begin: () => (pairs: number) => Shift | null,
): AtLooks {
  const decided = looks.map((pairs) => ({ pairs, pass: 0, fail: 0 }));
  let pairsInAll = 0;
  for (let check = 0; check < checks; check++) {
    const look = begin();
    let verdict: FindingVerdict = 'inconclusive';
    let at = -1;
    while (verdict === 'inconclusive' && ++at < looks.length) {
      const shift = look(looks[at] as number);
      if (shift !== null) verdict = verdictOf(shift, limits, undefined, at === looks.length - 1);
    }
    pairsInAll += looks[Math.min(at, looks.length - 1)] ?? 0;
    if (verdict !== 'inconclusive') {
      for (const one of decided.slice(at)) one[verdict] += 1 / checks;
    }
  }
  const { pass = 0, fail = 0 } = decided.at(-1) ?? {};
  return {
    pass: rounded(pass),
    fail: rounded(fail),
    inconclusive: rounded(1 - pass - fail),
    looks: decided.map((one) => ({ ...one, pass: rounded(one.pass), fail: rounded(one.fail) })),
    pairs_mean: rounded(pairsInAll / checks),
  };
}

/** Without the last bits of a sum of shares. */
export function rounded(value: number): number {
  return Math.abs(Number(value.toFixed(6)));
}
