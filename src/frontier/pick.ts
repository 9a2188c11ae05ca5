import { observe } from '../gate/observe.ts';
import type { FindingVerdict } from '../gate/types.ts';
import { estimate } from '../metrics/estimate.ts';
import type { Estimate } from '../metrics/types.ts';
import type { Manifest } from '../store/types.ts';
import { caseFigure } from './case-figure.ts';
import { type Contest, type Contestant, casesNeeded, chances } from './contest.ts';
import { coverageOf, reservationOf } from './coverage.ts';
import { type DrawnFigure, drawFigures, intervalOf, shareOf, valuesOf } from './draws.ts';
import type { Figure } from './figure.ts';
import { casesOf, drawsOf } from './frontier.ts';
import { isNeeded, judgeNeed, type Need } from './needs.ts';
import type { Pick, PickedModel, RunnerUp } from './pick-types.ts';
import type { Candidate } from './pool.ts';
import { shrunkShares } from './shrinkage.ts';
import type { ModelName } from './types.ts';
import { warningsOf } from './warnings.ts';

export interface PickChoice {
  needs: readonly Need[];
  objective: Figure;
  direction: 'minimise' | 'maximise';
  /** From which probability on a pick is sure; 0 to 1. */
  confidence: number;
}

/** A candidate with its objective and needs, as seen and drawn again. */
interface Entry {
  candidate: Candidate;
  model: PickedModel;
  /** By draws of what was seen; the contestant's are shrunk. */
  objective: DrawnFigure;
  contestant: Contestant;
}

/**
 * The best model by one figure of those that meet all needs, and how sure that is.
 * @see docs/choosing.md
 */
export function pickOf(
  candidates: readonly Candidate[],
  runs: readonly Manifest[],
  choice: PickChoice,
): Pick {
  const suites = [...new Set(candidates.flatMap((one) => one.suites))];
  const asked = candidates.filter((one) => suites.every((suite) => one.suites.includes(suite)));
  const draws = drawsOf(asked);
  const entries = entriesOf(asked, choice, draws);
  const able = entries.filter(({ model }) => model.objective.value !== null);
  const contest: Contest = {
    contestants: able.map(({ contestant }) => contestant),
    needs: choice.needs,
    sign: choice.direction === 'minimise' ? -1 : 1,
    draws,
  };
  for (const [i, share] of chances(contest).entries()) (able[i] as Entry).model.best = share;
  const ranked = able.toSorted((a, b) => byRank(a, b, contest.sign));
  const first = ranked.find(({ model }) => model.meets === 'yes');
  const probability = first?.model.best ?? null;
  const reservation = first === undefined ? null : reservationOf(first.model, figuresOf(choice));
  const isSure = probability !== null && reservation === null && probability >= choice.confidence;
  const second = first && ranked.find((one) => one !== first && one.model.meets === 'yes');
  const isOpen = entries.some(
    ({ model }) =>
      model.meets === 'unknown' || (model.meets === 'yes' && model.objective.value === null),
  );
  return {
    schema_version: 1,
    runs: runs.map(({ run_id }) => run_id),
    simulated: candidates.some(({ simulated }) => simulated),
    suites,
    objective: choice.objective.text,
    direction: choice.direction,
    needs: choice.needs.map(({ text }) => text),
    verdict: first === undefined ? (isOpen ? 'unknown' : 'none') : isSure ? 'sure' : 'unsure',
    reservation,
    confidence: choice.confidence,
    picked: first === undefined ? null : nameOf(first.candidate),
    probability,
    runner_up: first && second ? runnerUp(first, second, choice, contest) : null,
    cases_needed:
      probability === null || first === undefined || probability >= choice.confidence
        ? null
        : casesNeeded(contest, able.indexOf(first), choice.confidence, first.model.cases),
    draws,
    models: ranked.map(({ model }) => model),
    left_out: [
      ...candidates
        .filter((one) => !asked.includes(one))
        .map((one) => ({ ...nameOf(one), why: notAsked(one, suites) })),
      ...entries
        .filter((one) => !able.includes(one))
        .map(({ candidate }) => ({
          ...nameOf(candidate),
          why: `${choice.objective.text} is n/a`,
        })),
    ],
    warnings: warningsOf(asked, runs, figuresOf(choice)),
  };
}

/** All that is weighed. */
function figuresOf({ objective, needs }: PickChoice): (Figure | null)[] {
  return [objective, ...needs.map(({ figure }) => figure)];
}

function entriesOf(candidates: readonly Candidate[], choice: PickChoice, draws: number): Entry[] {
  const cases = casesOf(candidates);
  const wanted = figuresOf(choice);
  const figures = candidates.map(({ evidence }) =>
    wanted.map((figure) => figure && caseFigure(figure, evidence.samples, cases)),
  );
  const flat = figures.flat().filter((figure) => figure !== null);
  const coverage = coverageOf(candidates, cases);
  const drawn = new Map(drawFigures(flat, cases, draws).map((one) => [one.figure, one]));
  const fair = shrunkShares(wanted, figures, drawn);
  const fairly = (one: DrawnFigure) => fair.get(one.figure) ?? one;
  return candidates.map((candidate, i): Entry => {
    const [objective, ...ofNeeds] = (figures[i] ?? []).map(
      (figure) => (figure && drawn.get(figure)) ?? null,
    ) as [DrawnFigure, ...(DrawnFigure | null)[]];
    const meant = choice.needs.map((need, k) =>
      isNeeded(need, candidate)
        ? judgeNeed(need, candidate, ofNeeds[k] ?? null, choice.confidence)
        : null,
    );
    const needs = meant.filter((need) => need !== null);
    return {
      candidate,
      model: {
        ...nameOf(candidate),
        simulated: candidate.simulated,
        cases: candidate.evidence.samples.keys.caseCount,
        graded_cases: coverage[i]?.gradedCases ?? 0,
        without_grade: coverage[i]?.withoutGrade ?? 0,
        error_rate: candidate.evidence.row.estimates.error_rate,
        objective: objectiveEstimate(choice.objective, candidate, objective),
        needs,
        meets: meetsAll(needs.map(({ verdict }) => verdict)),
        best: 0,
      },
      objective,
      contestant: {
        objective: fairly(objective),
        needs: meant.map((judged, k) => {
          const own = judged && ofNeeds[k];
          return own ? fairly(own) : { fixed: judged === null || judged.verdict === 'pass' };
        }),
      },
    };
  });
}

function meetsAll(verdicts: readonly FindingVerdict[]): PickedModel['meets'] {
  if (verdicts.includes('fail')) return 'no';
  return verdicts.includes('inconclusive') ? 'unknown' : 'yes';
}

/** With the interval that the run's table gives it; of a cost, which has none there, by draws. */
function objectiveEstimate(figure: Figure, { evidence }: Candidate, drawn: DrawnFigure): Estimate {
  const { point, n } = drawn.figure;
  // A latency that is only known to be large is no figure to win by.
  if (!Number.isFinite(point)) return estimate(null, n);
  if (figure.kind === 'quantile') return observe(evidence, figure);
  if (figure.name === 'cost_per_request_usd') {
    return estimate(point, n, intervalOf(valuesOf(drawn)) ?? undefined);
  }
  return evidence.row.estimates[figure.name];
}

function nameOf({ target, model, label }: Candidate): ModelName {
  return { target, model, label };
}

function notAsked({ suites }: Candidate, all: readonly string[]): string {
  return `it was not asked ${all.filter((suite) => !suites.includes(suite)).join(', ')}`;
}

/** Those that meet the needs first, then by the figure; of equal ones the likelier. */
function byRank({ model: a }: Entry, { model: b }: Entry, sign: number): number {
  const rank = { yes: 0, unknown: 1, no: 2 };
  return (
    rank[a.meets] - rank[b.meets] ||
    sign * ((b.objective.value ?? 0) - (a.objective.value ?? 0)) ||
    b.best - a.best
  );
}

function runnerUp(
  first: Entry,
  second: Entry,
  { objective }: PickChoice,
  contest: Contest,
): RunnerUp {
  const [own, others] = [first.objective, second.objective];
  const [a, b] = [valuesOf(own), valuesOf(others)];
  const fair = [first, second].map(({ contestant }) => valuesOf(contestant.objective));
  const isShare = objective.kind === 'ratio' && objective.text !== 'cost_per_request_usd';
  const by = (x: number, y: number) => (isShare ? y - x : y / x - 1);
  const isBetter = (i: number) =>
    contest.sign * (fair[0]?.[i] as number) > contest.sign * (fair[1]?.[i] as number);
  const interval = intervalOf(a.map((x, i) => by(x, b[i] as number)));
  const estimated = by(own.figure.point, others.figure.point);
  return {
    ...nameOf(second.candidate),
    loses_by:
      interval === null || !Number.isFinite(estimated) || !Number.isFinite(interval.high)
        ? null
        : { scale: isShare ? 'difference' : 'ratio', estimate: estimated, ...interval },
    behind: shareOf(contest.draws, isBetter),
  };
}
