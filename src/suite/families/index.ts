import { calendar } from './calendar.ts';
import { clockAngle } from './clock-angle.ts';
import { compoundGrowth } from './compound-growth.ts';
import { counting } from './counting.ts';
import { entailment } from './entailment.ts';
import type { Family } from './family.ts';
import { hops } from './hops.ts';
import { knightsAndKnaves } from './knights-and-knaves.ts';
import { ledger } from './ledger.ts';
import { letters } from './letters.ts';
import { mixtures } from './mixtures.ts';
import { modular } from './modular.ts';
import { needle } from './needle.ts';
import { ordering } from './ordering.ts';
import { probability } from './probability.ts';
import { sequences } from './sequences.ts';
import { shopping } from './shopping.ts';
import { shortestPath } from './shortest-path.ts';
import { trains } from './trains.ts';
import { unitConversion } from './unit-conversion.ts';
import { venn } from './venn.ts';

/** Where a `generate` entry says nothing. */
export const DEFAULT_DIFFICULTY = 2;
export const DEFAULT_LENGTH_TOKENS = 1000;

/** Every family that a suite can draw from. */
export const FAMILIES: readonly Family[] = [
  shopping,
  trains,
  mixtures,
  compoundGrowth,
  calendar,
  ordering,
  knightsAndKnaves,
  entailment,
  sequences,
  modular,
  counting,
  shortestPath,
  letters,
  venn,
  unitConversion,
  clockAngle,
  probability,
  needle,
  hops,
  ledger,
];

export const FAMILY_NAMES = FAMILIES.map(({ name }) => name);

const BY_NAME = new Map(FAMILIES.map((family) => [family.name, family]));

/** @throws where there is none of that name; a suite file's names are checked before */
export function familyOf(name: string): Family {
  const family = BY_NAME.get(name);
  if (family === undefined) throw new RangeError(`there is no family ${name}`);
  return family;
}
