import { CalibrationCache } from '../calibration/cache.ts';
import type { RunSettings } from '../config/types.ts';
import { usageError } from '../errors.ts';
import { budgetProblems } from '../plan/budget.ts';
import { buildPlan, type ListedTarget, type Plan } from '../plan/plan.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import type { Suite } from '../suite/types.ts';
import { beyondTrust, loadOf } from './client-error.ts';
import { type Judges, judgeProblems, judgesOf } from './grading/judges.ts';
import { sandboxNotes } from './grading/sandbox-notes.ts';
import { filesNeeded, limitProblems, readHostLimits } from './host-limits.ts';
import type { RunInputs } from './inputs.ts';
import { type PreparedTargets, prepareTargets } from './targets.ts';

export interface PreparedRun<P extends Plan = Plan> extends PreparedTargets {
  plan: P;
  /** `null` where nobody is to be asked. */
  judges: Judges | null;
}

/** What is to be sent, and to whom, once the models of every target are known. */
export type Planner<P extends Plan> = (listed: ListedTarget[]) => {
  plan: P;
  targets: ListedTarget[];
};

/**
 * All that comes before the first measured request: the simulator where one is needed, the models
 * where the endpoint has to be asked, the plan. Close it when the run is over.
 * @throws TokentapeError (exit 2) where a budget could not be kept, or a limit of the system would
 * make requests fail
 */
export function prepareRun(inputs: RunInputs, profile?: ProfileName): Promise<PreparedRun> {
  const { suites, settings } = inputs;
  return preparePlanned(inputs, profile, (targets) => ({
    plan: buildPlan({ suites, targets, settings }),
    targets,
  }));
}

/** The same for a plan of another kind. */
export async function preparePlanned<P extends Plan>(
  { targets, suites, settings, catalogue, judging }: RunInputs,
  profile: ProfileName = 'default',
  planner: Planner<P>,
): Promise<PreparedRun<P>> {
  const simulation = { seed: settings.seed, profile, catalogue, judging };
  const prepared = await prepareTargets(targets, suites, settings.requestLimits, simulation);
  try {
    const planned = planner(prepared.targets);
    if (planned.plan.rows.every(({ planned }) => planned === 0))
      throw nobodyAddressed(suites, planned.targets);
    const lacking = budgetProblems(planned.plan, planned.targets, settings.runLimits);
    if (lacking.length > 0) {
      const message = `--max-cost cannot be kept: ${lacking.join('; ')}`;
      throw usageError(message, 'add them to the config');
    }
    const notes = [
      ...prepared.notes,
      ...clientNotes(planned.plan, planned.targets, settings),
      ...(await sandboxNotes(planned.plan.requests, settings.grading)),
    ];
    const judges = judging.length > 0 ? judgesOf(prepared.judging, catalogue) : null;
    const [obstacle] = judges === null ? [] : judgeProblems(judges, settings, suites);
    if (obstacle !== undefined)
      throw usageError(obstacle, 'see `judge` and `models` of the config');
    return { ...prepared, ...planned, judges, notes };
  } catch (error) {
    await prepared.close();
    throw error;
  }
}

function nobodyAddressed(suites: readonly Suite[], targets: readonly ListedTarget[]): Error {
  const models = targets.flatMap((target) => target.models.map(({ label }) => label));
  return usageError(
    `nothing to ask: ${suites.map(({ name }) => name).join(', ')} is not meant for ${models.join(', ')}`,
    "the suite's for and not_for name tags; give the models theirs in the config, or choose another suite",
  );
}

/** What is to be known of this client at this load, before a request is sent. */
function clientNotes(
  plan: Plan,
  targets: readonly ListedTarget[],
  settings: RunSettings,
): string[] {
  const load = loadOf(plan, settings);
  const files = filesNeeded(load.streams, targets);
  const problems = limitProblems(load.streams, files, readHostLimits());
  const certain = problems.find((problem) => problem.certain);
  if (certain !== undefined) throw usageError(certain.message, certain.remedy);
  const beyond = beyondTrust(load, new CalibrationCache().trustedAt(load.chunkRate));
  const warnings = problems.map(({ message, remedy }) => `${message}: ${remedy}.`);
  return beyond === null ? warnings : [...warnings, beyond];
}
