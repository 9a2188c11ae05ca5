import { doubts } from '../report/notes.ts';
import { counted } from '../report/numbers.ts';
import type { Manifest } from '../store/types.ts';
import { UNGRADED_MOST, weighsGrades } from './coverage.ts';
import type { Figure } from './figure.ts';
import type { Candidate } from './pool.ts';

/**
 * Why the figures of these models may not bear being held against one another.
 * @param figures what is weighed: grades and prices that are missing matter only where they are
 */
export function warningsOf(
  candidates: readonly Candidate[],
  runs: readonly Manifest[],
  figures: readonly (Figure | null)[],
): string[] {
  const weighsCost = figures.some((figure) => figure?.text === 'cost_per_request_usd');
  return [
    ...runs.flatMap((run) => doubts(run).map((doubt) => `${run.run_id}: ${doubt}`)),
    ...suiteWarnings(candidates),
    ...caseWarnings(candidates),
    ...(weighsGrades(figures) ? gradeWarnings(candidates) : []),
    ...(weighsCost ? costWarnings(candidates) : []),
  ];
}

/** Figures over other suites answer another question: a line for all that lack the same. */
function suiteWarnings(candidates: readonly Candidate[]): string[] {
  const all = [...new Set(candidates.flatMap(({ suites }) => suites))];
  const missingOf = ({ suites }: Candidate) =>
    all.filter((suite) => !suites.includes(suite)).join(', ');
  const kinds = new Set(candidates.map(missingOf).filter((missing) => missing !== ''));
  return [...kinds].map((missing) => {
    const alike = candidates.filter((one) => missingOf(one) === missing);
    const [verb, whose] = alike.length === 1 ? ['was', 'its'] : ['were', 'their'];
    const own = alike[0]?.suites.join(', ');
    return `${namesOf(alike, candidates)} ${verb} not asked ${missing}: ${whose} figures are of ${own} alone; -s chooses suites`;
  });
}

/** Models that share a line are named up to here, and counted beyond. */
const NAMED_MODELS = 3;

function namesOf(some: readonly Candidate[], all: readonly Candidate[]): string {
  if (some.length <= NAMED_MODELS) return some.map(({ label }) => label).join(', ');
  return some.length === all.length
    ? `all ${some.length} models`
    : `${some.length} of ${all.length} models`;
}

/** A score is of the graded answers alone. */
function gradeWarnings(candidates: readonly Candidate[]): string[] {
  const shareOf = ({ evidence }: Candidate) => evidence.row.estimates.ungraded_share.value ?? 0;
  const often = candidates.filter((one) => shareOf(one) > UNGRADED_MOST);
  if (often.length === 0) return [];
  const shares = often.map((one) => Math.round(100 * shareOf(one)));
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  return [
    `${namesOf(often, candidates)}: ${low === high ? low : `${low} to ${high}`} % of the answers have no grade, and scores are of the rest alone; why is in: tokentape show RUN --ungraded`,
  ];
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
  const who = names ?? namesOf(without, candidates);
  const verb = names === null && without.length === 1 ? 'has' : 'have';
  return [
    names === null
      ? `${who} ${verb} no cost: ${PRICE_REMEDY}`
      : `cost is n/a, for no model has a price: ${PRICE_REMEDY}`,
  ];
}

export const PRICE_REMEDY =
  'give each a price (input_per_mtok, output_per_mtok) under models in the config, and run again';
