import type { RunSettings } from '../config/types.ts';
import type { Random } from '../random.ts';
import type { Case, Suite } from '../suite/types.ts';

/** A case as it is to be sent: which pass over the suite, and how many of its turns. */
export interface DrawnCase {
  case: Case;
  repeat: number;
  turns: number;
}

/**
 * The cases of one suite in the order in which every model gets them: shuffled by the seed, so that
 * neither length nor difficulty rises with time; each `repeat` times, or cut and cycled to exactly
 * `requests` requests.
 */
export function drawCases(suite: Suite, settings: RunSettings, random: Random): DrawnCase[] {
  const shuffled = random.fork(`order/${suite.name}`).shuffle(suite.cases);
  const wanted = settings.runLimits.requests;
  if (wanted !== null) return drawRequests(shuffled, wanted);
  return Array.from({ length: settings.repeat }, (_, repeat) =>
    shuffled.map((one) => ({ case: one, repeat, turns: one.turns.length })),
  ).flat();
}

/** The first cases again as warm-up. */
export function drawWarmup(suite: Suite, settings: RunSettings, random: Random): DrawnCase[] {
  const singles = suite.cases.filter((one) => one.turns.length === 1);
  const shuffled = random
    .fork(`warmup/${suite.name}`)
    .shuffle(singles.length > 0 ? singles : suite.cases);
  return drawRequests(shuffled, settings.warmup);
}

/** As many pairs of requests as wanted: the cases of `drawCases`, cut and cycled to that number. */
export function drawPairs(suite: Suite, pairs: number, random: Random): DrawnCase[] {
  return drawRequests(random.fork(`order/${suite.name}`).shuffle(suite.cases), pairs);
}

function drawRequests(cases: readonly Case[], wanted: number): DrawnCase[] {
  const drawn: DrawnCase[] = [];
  let left = wanted;
  for (let index = 0; left > 0; index++) {
    const one = cases[index % cases.length];
    if (one === undefined) break;
    const turns = Math.min(one.turns.length, left);
    drawn.push({ case: one, repeat: Math.floor(index / cases.length), turns });
    left -= turns;
  }
  return drawn;
}
