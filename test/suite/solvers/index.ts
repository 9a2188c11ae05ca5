import * as arithmetic from './arithmetic.ts';
import * as japanese from './japanese.ts';
import * as logic from './logic.ts';
import * as numbers from './numbers.ts';
import * as texts from './texts.ts';
import * as vietnamese from './vietnamese.ts';

/** For each family, a way to the answer that shares nothing with it: from the prompt alone. */
export const SOLVERS: Record<string, (prompt: string) => string> = {
  shopping: arithmetic.shopping,
  trains: arithmetic.trains,
  mixtures: arithmetic.mixtures,
  'compound-growth': arithmetic.compoundGrowth,
  calendar: arithmetic.calendar,
  'unit-conversion': arithmetic.unitConversion,
  'clock-angle': arithmetic.clockAngle,
  ordering: logic.ordering,
  'knights-and-knaves': logic.knightsAndKnaves,
  entailment: logic.entailment,
  'shortest-path': logic.shortestPath,
  sequences: numbers.sequences,
  modular: numbers.modular,
  counting: numbers.counting,
  probability: numbers.probability,
  venn: numbers.venn,
  letters: texts.letters,
  needle: texts.needle,
  hops: texts.hops,
  ledger: texts.ledger,
  revisions: texts.revisions,
  'ja-shopping': japanese.jaShopping,
  'ja-numerals': japanese.jaNumerals,
  'ja-dates': japanese.jaDates,
  'ja-counters': japanese.jaCounters,
  'ja-giving': japanese.jaGiving,
  'ja-ranking': japanese.jaRanking,
  'vi-shopping': vietnamese.viShopping,
  'vi-numbers': vietnamese.viNumbers,
  'vi-dates': vietnamese.viDates,
  'vi-giving': vietnamese.viGiving,
  'vi-ranking': vietnamese.viRanking,
};
