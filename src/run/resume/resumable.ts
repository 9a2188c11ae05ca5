import { storedRunSettings, storedTargets } from '../../config/stored.ts';
import type { Model, RunSettings } from '../../config/types.ts';
import { TokentapeError, usageError } from '../../errors.ts';
import { modelKey } from '../../load/protocol.ts';
import type { PlannedRow } from '../../metrics/types.ts';
import { METRICS_VERSION } from '../../metrics/version.ts';
import { withUpperCosts } from '../../plan/estimate.ts';
import type { ListedTarget, Plan } from '../../plan/plan.ts';
import type { PlannedRequest } from '../../plan/types.ts';
import { readPlan } from '../../store/plan-file.ts';
import { readRecordBatches, type StoredRun } from '../../store/read.ts';
import type { Manifest } from '../../store/types.ts';
import { type Missing, type RecordStanding, standingOf, whatIsMissing } from './missing.ts';

/** A run that was cut off, with what it takes to go on with it. */
export interface Resumable {
  run: StoredRun;
  settings: RunSettings;
  /** As the run knew them, prices included; without keys, headers and certificates. */
  targets: ListedTarget[];
  /** All requests by their ids, with what each may cost. */
  planned: ReadonlyMap<string, PlannedRequest>;
  /** What is still to be sent, of the rows of the whole run. */
  plan: Plan;
  missing: Missing;
  /** Requests that have a record. */
  recorded: ReadonlyMap<string, RecordStanding>;
}

/**
 * Reads a run that is to be gone on with, and finds what it lacks. Nothing is written.
 * @param outputDir where its folder lies
 * @throws TokentapeError (exit 2) that says why it cannot be
 */
export async function readResumable(run: StoredRun, outputDir: string): Promise<Resumable> {
  const { manifest } = run;
  refuseUnfit(manifest);
  const settings = storedRunSettings(manifest.config, outputDir);
  refuseTimed(manifest, settings);
  const targets = storedTargets(manifest.config);
  const planned = await plannedOf(run, targets);
  const recorded = new Map<string, RecordStanding>();
  for await (const batch of readRecordBatches(run)) {
    for (const record of batch) recorded.set(record.request_id, standingOf(record));
  }
  const missing = whatIsMissing(planned.values(), recorded);
  const plan: Plan = {
    requests: missing.requests,
    rows: manifest.planned.map(unsettled),
    cycle: false,
    // Nothing is hashed from them again.
    parts: manifest.plan_parts as Plan['parts'],
    planHash: manifest.plan_hash,
    promptsHash: manifest.prompts_hash,
  };
  return { run, settings, targets, planned, plan, missing, recorded };
}

/** Why a run is not gone on with, as far as its manifest tells. @throws TokentapeError (exit 2) */
export function refuseUnfit(manifest: Manifest): void {
  const { run_id, state, grading, check, metrics_version, plan_parts } = manifest;
  if (check !== undefined) {
    throw usageError(
      `${run_id} is a check, and when it is looked at was planned beforehand: it cannot be resumed`,
      'send it anew',
    );
  }
  if (plan_parts?.comparisons !== undefined) {
    throw usageError(
      `${run_id} was sent in pairs, whose halves belong side by side: it cannot be resumed`,
      'send it anew',
    );
  }
  if (state === 'complete' && (grading === undefined || grading.state === 'complete')) {
    throw complete(manifest);
  }
  if (metrics_version !== METRICS_VERSION) {
    throw usageError(
      `${run_id} was measured by other formulas than those of this version: it cannot be resumed`,
      'resume it with the version that sent it',
    );
  }
}

/** Whether a run can be gone on with, as far as its manifest tells. */
export function mayBeResumed(manifest: Manifest): boolean {
  try {
    refuseUnfit(manifest);
    refuseTimed(manifest, storedRunSettings(manifest.config, ''));
    return true;
  } catch (error) {
    if (error instanceof TokentapeError) return false;
    throw error;
  }
}

function complete({ run_id, planned }: Manifest): TokentapeError {
  const reasons = planned.flatMap((row) =>
    row.planned > 0 && row.skipped_reason !== null ? row.skipped_reason : [],
  );
  const [first] = reasons;
  if (first === undefined) return usageError(`${run_id} is complete: nothing is missing`);
  return usageError(
    `${run_id} is complete: nothing is missing but what it left out by itself (${first})`,
    'send that as a run of its own',
  );
}

function refuseTimed({ run_id }: Manifest, { runLimits, order }: RunSettings): void {
  if (runLimits.durationMs === null) return;
  const why =
    runLimits.requests === null
      ? 'was to send until its time was up, so that nothing is missing of it'
      : 'gave each model a time of its own';
  if (runLimits.requests === null || order === 'sequential') {
    throw usageError(`${run_id} ${why}: it cannot be resumed`, 'start a new one');
  }
}

async function plannedOf(
  run: StoredRun,
  targets: readonly ListedTarget[],
): Promise<Map<string, PlannedRequest>> {
  const plan = await readPlan(run).catch((error: TokentapeError) => {
    throw usageError(
      `${run.manifest.run_id} cannot be resumed: ${error.message}`,
      'it is written before the first request, so nothing was sent: start the run anew',
    );
  });
  const models = new Map<string, Model>();
  for (const target of targets) {
    for (const model of target.models) {
      models.set(modelKey({ target: target.name, model: model.name }), model);
    }
  }
  const costed = withUpperCosts(plan.values(), (request) => {
    const model = models.get(modelKey(request));
    if (model !== undefined) return model;
    throw usageError(`the manifest of ${run.path} does not know ${request.model} of its plan`);
  });
  return new Map(costed.map((request) => [request.requestId, request]));
}

/** As it was before the run; where nothing was to be sent, it says why. */
function unsettled(row: PlannedRow): PlannedRow {
  return row.planned === 0 ? row : { ...row, skipped_reason: null, not_subscribed: false };
}
