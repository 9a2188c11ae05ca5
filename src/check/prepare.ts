import type { History } from '../baseline/sources/read-baselines.ts';
import type { HistoryIdentity } from '../baseline/types.ts';
import { MARKETPLACE_MODELS } from '../config/marketplace-models.ts';
import { resolveTargets } from '../config/resolve.ts';
import { SIMULATOR } from '../config/target-schema.ts';
import type { RunSettings, Target } from '../config/types.ts';
import { problemsError } from '../diagnostics/format.ts';
import { METRICS_VERSION } from '../metrics/version.ts';
import { buildPairedPlan, type Comparison, type Opponents } from '../plan/pairs.ts';
import { buildPlan, type ListedTarget, type Plan } from '../plan/plan.ts';
import { inStages } from '../plan/stages.ts';
import type { CommonFlags, RunInputs } from '../run/inputs.ts';
import { type PreparedRun, preparePlanned } from '../run/prepare.ts';
import { openTokenizers, type Tokenizers } from '../run/tokenizers.ts';
import { GRADERS_VERSION } from '../score/version.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import { type Candidates, findBaseline, opponentsOf, targetsOfBoth } from './arms.ts';
import { gradedSuites } from './graded.ts';
import { judgedRows } from './groups.ts';
import { growingPlan } from './growing.ts';
import { historyFor } from './history.ts';
import { refuseIdle, refuseUngraded } from './idle.ts';
import { pairedLooks } from './judges.ts';
import type { CheckWishes } from './settings.ts';
import type { CheckDesign } from './stored.ts';

export interface PreparedCheck extends PreparedRun {
  design: CheckDesign;
  /** As it is to be sent. */
  settings: RunSettings;
  tokenizers: Tokenizers;
  /** What the run is held against where that was measured before; `null` where no such is asked for. */
  history: History | null;
}

/**
 * All that comes before the first request of a check: with a second arm a plan of pairs, with limits
 * alone one of which samples can grow, and with earlier runs the plan that they had.
 * @param inputs with the thresholds of the config
 * @throws TokentapeError (exit 2) as `prepareRun`, and where `--against` or a limit names nothing
 */
export async function prepareCheck(
  inputs: RunInputs,
  wishes: CheckWishes,
  flags: CommonFlags & { profile?: ProfileName | undefined },
): Promise<PreparedCheck> {
  const { suites, settings } = inputs;
  const thresholds = [...inputs.thresholds, ...wishes.thresholds];
  const { enabled } = settings.grading;
  const graded = gradedSuites(suites, enabled);
  refuseUngraded(wishes.settings.metrics, graded, enabled);
  const designOf = (comparisons: Comparison[]): CheckDesign => ({
    comparisons,
    thresholds,
    settings: wishes.settings,
    graded,
  });
  if (wishes.against === null) {
    const hasHistory = wishes.baseline.length > 0;
    const prepared = await preparePlanned<Plan>(inputs, flags.profile, (targets) => {
      if (!hasHistory) return growingPlan({ suites, targets, settings }, designOf([]));
      const plan = buildPlan({ suites, targets, settings });
      refuseIdle(thresholds, plan.rows);
      return { plan, targets };
    });
    const { tokenizers } = inputs;
    try {
      const history = hasHistory
        ? await historyFor(identityOf(prepared), inputs.settings.outputDir, wishes)
        : null;
      return { ...prepared, design: designOf([]), settings, tokenizers, history };
    } catch (error) {
      await prepared.close();
      throw error;
    }
  }
  const from = candidatesOf(inputs, flags);
  const baseline = findBaseline(wishes.against, from);
  const targets = targetsOfBoth(from, baseline);
  const { tokenizers, problems } = openTokenizers(inputs.loaded, targets, process.cwd());
  if (problems.length > 0) throw problemsError(problems);
  const paired = inOwnLanes(settings);
  const both = { ...inputs, settings: paired, targets, tokenizers };
  const prepared = await preparePlanned(both, flags.profile, (listed) => {
    const byName = new Map(listed.map((target) => [target.name, target]));
    const opponents = opponentsOf(from, baseline, byName);
    const used = usedTargets(listed, opponents);
    const looks = pairedLooks(wishes.settings);
    const pairs = Math.max(...looks);
    const plan = buildPairedPlan({ suites, targets: used, settings: paired, opponents, pairs });
    refuseIdle(thresholds, judgedRows(plan.comparisons, plan.rows));
    return { plan: { ...plan, requests: inStages(plan.requests, () => looks) }, targets: used };
  });
  const design = designOf(prepared.plan.comparisons);
  return { ...prepared, design, settings: paired, tokenizers, history: null };
}

/** Both arms of a pair are mixed anyway; with all other comparisons in between they would be asked less. */
function inOwnLanes(settings: RunSettings): RunSettings {
  return settings.order === 'interleaved' ? { ...settings, order: 'parallel' } : settings;
}

function identityOf({ plan, targets }: PreparedRun): HistoryIdentity {
  return {
    simulated: targets.some(({ simulated }) => simulated),
    plan_hash: plan.planHash,
    plan: plan.parts,
    metrics_version: METRICS_VERSION,
    graders_version: GRADERS_VERSION,
  };
}

function candidatesOf({ loaded, targets }: RunInputs, flags: CommonFlags): Candidates {
  const resolved = (names: readonly string[] | undefined): Target[] => {
    const found = resolveTargets(loaded, { targets: names, models: null });
    if (found.problems.length > 0) throw problemsError(found.problems);
    return found.targets;
  };
  return {
    targets,
    whole: resolved(flags.target),
    targetNames: [...Object.keys(loaded.config.targets ?? {}), SIMULATOR],
    configured: loaded.config.models ?? MARKETPLACE_MODELS,
    resolveTarget: (name) => resolved([name])[0] as Target,
  };
}

/** Of each target the models that are in an arm; what is not asked is no part of the run. */
function usedTargets(listed: readonly ListedTarget[], opponents: readonly Opponents[]) {
  const places = opponents.flatMap(({ candidate, baseline }) => [candidate, baseline]);
  return listed.flatMap((target) => {
    const own = places.filter((place) => place.target === target.name);
    const models = [...new Map(own.map(({ model }) => [model.name, model])).values()];
    return models.length === 0 ? [] : [{ ...target, models }];
  });
}
