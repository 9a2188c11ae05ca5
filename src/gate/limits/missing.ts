import { chanceOfAsFew, chanceOfAsMany } from '../../stats/exact-share.ts';
import type { Levels } from './reading.ts';

/** Beyond this many samples, or so many times those at hand, nobody sends on. */
const MOST_SAMPLES = 10_000;
const MOST_TIMES = 10;
/** Standard deviations below the middle that four of five samples are above: «probably». */
export const PROBABLY = 0.84;

/** Samples past a limit, held against how many of them the limit allows. */
export interface PastShare {
  /** Share of samples past the limit as seen. */
  share: number;
  /** Share that may be past it: 0.05 for an upper limit on p95. */
  allowed: number;
  samples: number;
  /** How many independent samples these are worth. */
  effectiveSamples: number;
}

/**
 * How many samples more would probably tell whether more or fewer are past a limit than allowed, if
 * their share stays about as it is, and the limit is a binomial one.
 * @returns at least 1; `Infinity` where it is more than anybody sends
 */
export function samplesMissing(seen: PastShare, levels: Levels): number {
  const perEffective = Math.max(1, seen.samples / Math.max(1, seen.effectiveSamples));
  const most = mostOf(seen.samples) / perEffective;
  if (!wouldTell(seen, most, levels)) return Infinity;
  let [few, enough] = [seen.effectiveSamples, most];
  while (enough - few > 1) {
    const middle = (few + enough) / 2;
    if (wouldTell(seen, middle, levels)) enough = middle;
    else few = middle;
  }
  return Math.max(1, Math.ceil(enough * perEffective - seen.samples));
}

/** How many samples there may have to be in all, of which so many are at hand. */
export function mostOf(samples: number): number {
  return Math.max(MOST_SAMPLES, MOST_TIMES * samples);
}

function wouldTell({ share, allowed }: PastShare, samples: number, levels: Levels): boolean {
  const chance = PROBABLY * Math.sqrt((share * (1 - share)) / samples);
  if (share < allowed) {
    const unlucky = Math.min(1, share + chance);
    return chanceOfAsFew(unlucky, samples, allowed) < levels.pass;
  }
  const unlucky = Math.max(0, share - chance);
  return chanceOfAsMany(unlucky, samples, allowed) < levels.fail;
}
