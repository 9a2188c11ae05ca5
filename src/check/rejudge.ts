import { storedSettings } from '../config/stored.ts';
import type { Finding } from '../gate/types.ts';
import type { RowEvidence } from '../metrics/evidence.ts';
import type { RequestRecord } from '../metrics/types.ts';
import type { PlannedRequest } from '../plan/types.ts';
import { readPlan } from '../store/plan-file.ts';
import { readGrades, readRecords, type StoredRun } from '../store/read.ts';
import { findingsOf, groupsOf } from './groups.ts';
import { armsDiffer } from './prompts.ts';
import { Sequential } from './sequential.ts';
import type { CheckDesign } from './stored.ts';

/**
 * Judges a stored check again: the same groups, looked at after the same numbers of units, so that the
 * same records give the same findings.
 * @param evidence of the whole run
 * @throws TokentapeError (exit 2) where its plan cannot be read
 */
export async function rejudge(
  run: StoredRun,
  design: CheckDesign,
  evidence: readonly RowEvidence[],
): Promise<{ findings: Finding[]; promptsDiffer: boolean }> {
  const { config, planned: rows } = run.manifest;
  const requests = [...(await readPlan(run)).values()];
  const groups = groupsOf(design, requests, rows, storedSettings(config).slo);
  const sequential = new Sequential(groups);
  // Before their records, so that no look waits for one that was never written.
  for await (const grade of readGrades(run)) sequential.graded(grade);
  const outcomes = new Map<string, RequestRecord['outcome']>();
  for await (const record of readRecords(run)) {
    outcomes.set(record.request_id, record.outcome);
    sequential.taken(record);
  }
  const broken = brokenOff(requests, outcomes);
  for (const request of requests) {
    if (outcomes.has(request.requestId)) continue;
    sequential.unsent(request, broken.has(request.conversationId) ? 'conversation' : 'decided');
  }
  sequential.end();
  sequential.rethrow();
  return {
    findings: findingsOf(groups, design, rows, evidence),
    promptsDiffer: armsDiffer(requests),
  };
}

/** Conversations of which a turn failed: those after it were never sent. */
function brokenOff(
  requests: readonly PlannedRequest[],
  outcomes: ReadonlyMap<string, RequestRecord['outcome']>,
): Set<string> {
  const failed = requests.filter(({ requestId }) => {
    const outcome = outcomes.get(requestId);
    return outcome !== undefined && outcome !== 'ok' && outcome !== 'cancelled';
  });
  return new Set(failed.map(({ conversationId }) => conversationId));
}
