import { calendar } from './calendar.ts';
import { clockAngle } from './clock-angle.ts';
import { compoundGrowth } from './compound-growth.ts';
import { counting } from './counting.ts';
import { entailment } from './entailment.ts';
import type { Family } from './family.ts';
import { hops } from './hops.ts';
import { jaCounters } from './ja/counters.ts';
import { jaDates } from './ja/dates.ts';
import { jaGiving } from './ja/giving.ts';
import { jaNumerals } from './ja/numerals.ts';
import { jaRanking } from './ja/ranking.ts';
import { jaShopping } from './ja/shopping.ts';
import { knightsAndKnaves } from './knights-and-knaves.ts';
import { ledger } from './ledger.ts';
import { letters } from './letters.ts';
import { mixtures } from './mixtures.ts';
import { modular } from './modular.ts';
import { needle } from './needle.ts';
import { ordering } from './ordering.ts';
import { planOrder } from './plans/order.ts';
import { planRooms } from './plans/rooms.ts';
import { planSchedule } from './plans/schedule.ts';
import { probability } from './probability.ts';
import { revisions } from './revisions.ts';
import { sequences } from './sequences.ts';
import { shopping } from './shopping.ts';
import { shortestPath } from './shortest-path.ts';
import { trains } from './trains.ts';
import { unitConversion } from './unit-conversion.ts';
import { venn } from './venn.ts';
import { viDates } from './vi/dates.ts';
import { viGiving } from './vi/giving.ts';
import { viNumbers } from './vi/numbers.ts';
import { viRanking } from './vi/ranking.ts';
import { viShopping } from './vi/shopping.ts';

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
  revisions,
  planOrder,
  planSchedule,
  planRooms,
  jaShopping,
  jaNumerals,
  jaDates,
  jaCounters,
  jaGiving,
  jaRanking,
  viShopping,
  viNumbers,
  viDates,
  viGiving,
  viRanking,
];

export const FAMILY_NAMES = FAMILIES.map(({ name }) => name);

const BY_NAME = new Map(FAMILIES.map((family) => [family.name, family]));

/** @throws where there is none of that name; a suite file's names are checked before */
export function familyOf(name: string): Family {
  const family = BY_NAME.get(name);
  if (family === undefined) throw new RangeError(`there is no family ${name}`);
  return family;
}
