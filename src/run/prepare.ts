import { CalibrationCache } from '../calibration/cache.ts';
import { usageError } from '../errors.ts';
import { budgetProblems } from '../plan/budget.ts';
import { buildPlan, type Plan } from '../plan/plan.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import { beyondTrust, loadOf } from './client-error.ts';
import type { RunInputs } from './inputs.ts';
import { type PreparedTargets, prepareTargets } from './targets.ts';

export interface PreparedRun extends PreparedTargets {
  plan: Plan;
}

/**
 * All that comes before the first measured request: the simulator where one is needed, the models
 * where the endpoint has to be asked, the plan. Close it when the run is over.
 * @throws TokentapeError (exit 2) where a budget could not be kept
 */
export async function prepareRun(
  { targets, suites, settings, catalogue }: RunInputs,
  profile: ProfileName = 'default',
): Promise<PreparedRun> {
  const simulation = { seed: settings.seed, profile, catalogue };
  const prepared = await prepareTargets(targets, suites, settings.requestLimits, simulation);
  const plan = buildPlan({ suites, targets: prepared.targets, settings });
  const lacking = budgetProblems(plan, prepared.targets, settings.runLimits);
  if (lacking.length === 0) {
    const load = loadOf(plan, settings);
    const beyond = beyondTrust(load, new CalibrationCache().trustedAt(load.chunkRate));
    return { ...prepared, plan, notes: [...prepared.notes, ...(beyond === null ? [] : [beyond])] };
  }
  await prepared.close();
  throw usageError(`--max-cost cannot be kept: ${lacking.join('; ')}`, 'add them to the config');
}
