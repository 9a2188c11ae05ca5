import type { DrawnFigure } from './draws.ts';
import { keepsIn, type Need } from './needs.ts';

export interface Contestant {
  objective: DrawnFigure;
  /** One for each need; `fixed` where it is no matter of draws whether it is kept. */
  needs: (DrawnFigure | { fixed: boolean })[];
}

/** Who is the best of those that meet the needs, draw by draw. */
export interface Contest {
  contestants: readonly Contestant[];
  needs: readonly Need[];
  /** 1 where more is better, −1 where less is. */
  sign: 1 | -1;
  draws: number;
}

/**
 * The share of draws in which each contestant is the best of those that meet all needs in that draw.
 * Where none does, nobody wins; those that are equal share.
 * @param size how many times as many cases to suppose: then figures stray by its root less from what
 *   was seen
 */
export function chances({ contestants, needs, sign, draws }: Contest, size = 1): number[] {
  const at = ({ figure, coordinates }: DrawnFigure, draw: number): number =>
    figure.value(coordinates[draw] as number, size);
  const wins = contestants.map(() => 0);
  for (let draw = 0; draw < draws; draw++) {
    let best = Number.NEGATIVE_INFINITY;
    let winners: number[] = [];
    contestants.forEach((one, i) => {
      const keeps = one.needs.every((need, k) =>
        'fixed' in need ? need.fixed : keepsIn(needs[k] as Need, at(need, draw)),
      );
      if (!keeps) return;
      const value = sign * at(one.objective, draw);
      if (Number.isNaN(value)) return;
      if (value > best) {
        best = value;
        winners = [i];
      } else if (value === best) {
        winners.push(i);
      }
    });
    for (const i of winners) wins[i] = (wins[i] as number) + 1 / winners.length;
  }
  return wins.map((count) => count / draws);
}

/** Nobody asks more than so many times as many cases. */
const MOST_TIMES = 1024;

/**
 * How many cases would make one contestant win with a probability, were everything as it was seen.
 * @param cases of each model now
 * @returns rounded up to two digits; `null` where none in reach would
 */
export function casesNeeded(
  contest: Contest,
  index: number,
  probability: number,
  cases: number,
): number | null {
  const isEnough = (size: number) => (chances(contest, size)[index] as number) >= probability;
  let enough = 2;
  while (!isEnough(enough)) {
    enough *= 2;
    if (enough > MOST_TIMES) return null;
  }
  let few = enough / 2;
  while (enough / few > 1.05) {
    const middle = Math.sqrt(enough * few);
    if (isEnough(middle)) enough = middle;
    else few = middle;
  }
  const wanted = enough * cases;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(wanted)) - 1);
  return Math.ceil(wanted / unit) * unit;
}
