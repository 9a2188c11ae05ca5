import type { LoadedConfig } from '../../config/load.ts';
import { resolveTargets } from '../../config/resolve.ts';
import type { GradingSettings, RunSettings, Target } from '../../config/types.ts';
import type { Problem } from '../../diagnostics/types.ts';
import { type JudgeLookup, judgeLookup } from '../../judge/index.ts';
import { deferredOf } from '../../score/grade.ts';
import { type Secret, secretsOf } from '../../secrets.ts';
import type { Suite } from '../../suite/types.ts';
import type { ModelCatalogue } from '../targets.ts';
import { limitOfJudges } from './judge-budget.ts';

/** Who may be asked to grade, ready to be asked. */
export interface Judges {
  lookup: JudgeLookup;
  /** Keys of their targets. */
  secrets: Secret[];
}

/**
 * The targets whose models are to judge: of the settings, and of the expectations that name one.
 * @returns none where nobody is to be asked, or nothing needs to be; problems name the judge
 */
export function judgeTargets(
  loaded: LoadedConfig,
  { enabled, judge }: GradingSettings,
  suites: readonly Suite[],
): { targets: Target[]; problems: Problem[] } {
  const named = judgesNamedIn(suites);
  if (!enabled || judge === null || named === null) return { targets: [], problems: [] };
  const names = [judge.model, ...named].flatMap((name) => name?.split('/')[0] ?? []);
  if (names.length === 0) return { targets: [], problems: [] };
  const { targets, problems } = resolveTargets(loaded, {
    targets: [...new Set(names)],
    models: null,
  });
  const ofJudge = problems.map((problem) =>
    problem.file === '--target' ? { ...problem, file: '--judge' } : problem,
  );
  return { targets, problems: ofJudge };
}

/** The judges that expectations name; `null` where no answer is graded by one. */
function judgesNamedIn(suites: readonly Suite[]): string[] | null {
  const turns = suites.flatMap(({ cases }) => cases.flatMap((one) => one.turns));
  const judged = turns
    .flatMap(({ expect }) => deferredOf(expect))
    .filter(({ kind }) => kind === 'model-graded');
  if (judged.length === 0) return null;
  return judged.flatMap(({ expectation: { judge } }) => (typeof judge === 'string' ? judge : []));
}

/** @param targets with their addresses and keys */
export function judgesOf(targets: readonly Target[], catalogue: ModelCatalogue): Judges {
  return {
    lookup: judgeLookup(targets, (names) => catalogue.named(names)),
    secrets: targets.flatMap(secretsOf),
  };
}

/**
 * What keeps judges from being asked, before anything is sent.
 * @returns one sentence for each: it is nowhere, or a limit of cost could not be kept with it
 */
export function judgeProblems(
  { lookup }: Judges,
  settings: Pick<RunSettings, 'grading' | 'runLimits'>,
  suites: readonly Suite[],
): string[] {
  const limit = limitOfJudges(settings);
  const names = [settings.grading.judge?.model ?? [], judgesNamedIn(suites) ?? []].flat();
  return [...new Set(names)].flatMap((name) => {
    const judge = lookup(name);
    if ('problem' in judge) return judge.problem;
    if (limit === null || judge.model.price !== null) return [];
    return `${limit} cannot be kept: the judge ${name} lacks a price`;
  });
}
