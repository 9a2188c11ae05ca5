import { doubts } from '../report/notes.ts';
import { counted } from '../report/numbers.ts';
import type { Manifest } from '../store/types.ts';
import type { Candidate } from './pool.ts';

/** Why the figures of these models may not bear being held against one another. */
export function warningsOf(candidates: readonly Candidate[], runs: readonly Manifest[]): string[] {
  return [
    ...runs.flatMap((run) => doubts(run).map((doubt) => `${run.run_id}: ${doubt}`)),
    ...suiteWarnings(candidates),
    ...caseWarnings(candidates),
    ...costWarnings(candidates),
  ];
}

/** Figures over other suites answer another question. */
function suiteWarnings(candidates: readonly Candidate[]): string[] {
  const all = new Set(candidates.flatMap(({ suites }) => suites));
  return candidates.flatMap(({ label, suites }) => {
    const missing = [...all].filter((suite) => !suites.includes(suite));
    if (missing.length === 0) return [];
    return [
      `${label} was not asked ${missing.join(', ')}: its figures are of ${suites.join(', ')} alone; -s chooses suites`,
    ];
  });
}

/** Below this share of the most cases, a model was asked noticeably less. */
const MOST_OF = 0.9;

function caseWarnings(candidates: readonly Candidate[]): string[] {
  const count = ({ evidence }: Candidate) => evidence.samples.keys.caseCount;
  return candidates.flatMap((one) => {
    const alike = candidates.filter(({ suites }) => suites.join('\n') === one.suites.join('\n'));
    const most = Math.max(...alike.map(count));
    if (count(one) >= MOST_OF * most) return [];
    return [
      `${one.label} was asked ${counted(count(one), 'case')} of ${most}: its figures are of these alone`,
    ];
  });
}

/** Prices that some have and some have not. */
function costWarnings(candidates: readonly Candidate[]): string[] {
  const without = candidates.filter(({ evidence }) => evidence.row.cost_usd === null);
  if (without.length === 0) return [];
  const names = without.length === candidates.length ? 'no model' : null;
  const who = names ?? without.map(({ label }) => label).join(', ');
  const verb = names === null && without.length === 1 ? 'has' : 'have';
  return [
    names === null
      ? `${who} ${verb} no cost: ${PRICE_REMEDY}`
      : `cost is n/a, for no model has a price: ${PRICE_REMEDY}`,
  ];
}

export const PRICE_REMEDY =
  'give each a price (input_per_mtok, output_per_mtok) under models in the config, and run again';
