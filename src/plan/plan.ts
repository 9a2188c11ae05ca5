import type { Model, RunSettings, Target } from '../config/types.ts';
import type { PlannedRow } from '../metrics/types.ts';
import { createRandom, type Random } from '../random.ts';
import { isAddressed, NOT_ADDRESSED } from '../suite/audience.ts';
import type { Suite } from '../suite/types.ts';
import { drawCases, drawWarmup } from './draw.ts';
import { type PlanParts, planHash, planParts, promptsHash } from './hash.ts';
import { requestsOf, rowOf } from './requests.ts';
import type { PlannedRequest } from './types.ts';

/** A target whose models are known. */
export type ListedTarget = Target & { models: Model[] };

export interface Plan {
  /** In the order of sending, model by model, or mixed where interleaved. */
  requests: PlannedRequest[];
  /** One per target × model × suite: what was planned to be measured. */
  rows: PlannedRow[];
  /** Where the list ends it starts over, until the run's time is up. */
  cycle: boolean;
  /** What `planHash` covers. */
  parts: PlanParts;
  planHash: string;
  promptsHash: string;
}

export interface PlanInput {
  suites: readonly Suite[];
  targets: readonly ListedTarget[];
  settings: RunSettings;
}

/** The requests of a run; the same input gives the same plan. Nonces come later, by `withNonces`. */
export function buildPlan(input: PlanInput): Plan {
  const { suites, targets, settings } = input;
  const random = createRandom(settings.seed).fork('plan');
  const drawn = suites.map((suite) => ({
    suite,
    measure: drawCases(suite, settings, random),
    warmup: drawWarmup(suite, settings, random),
  }));
  const requests: PlannedRequest[] = [];
  const rows: PlannedRow[] = [];
  for (const target of targets) {
    for (const model of target.models) {
      for (const { suite, measure, warmup } of drawn) {
        const place = { target: target.name, model, suite };
        if (!isAddressed(suite, model.tags)) {
          rows.push({ ...rowOf(place, 0), skipped_reason: NOT_ADDRESSED });
          continue;
        }
        requests.push(...requestsOf(place, 'warmup', warmup, requests.length));
        const measured = requestsOf(place, 'measure', measure, requests.length);
        requests.push(...measured);
        rows.push(rowOf(place, measured.length));
      }
    }
  }
  const { durationMs, requests: wanted } = settings.runLimits;
  const parts = planParts(suites, targets, settings);
  return {
    requests: settings.order === 'interleaved' ? interleave(requests, random) : requests,
    rows,
    cycle: durationMs !== null && wanted === null,
    parts,
    planHash: planHash(parts),
    promptsHash: promptsHash(
      drawn.map(({ suite, measure }) => ({
        suite: suite.name,
        cases: measure.map((one) => one.case),
      })),
    ),
  };
}

/** Gives each request of the suites that want one a nonce of its own, from the run's. */
export function withNonces<P extends Plan>(
  plan: P,
  nonce: string | null,
  suites: readonly Suite[],
): P {
  if (nonce === null) return plan;
  const wanting = new Set(suites.filter((suite) => suite.nonce).map((suite) => suite.name));
  return {
    ...plan,
    requests: plan.requests.map((request) =>
      wanting.has(request.suite)
        ? { ...request, nonce: `${nonce}-${request.conversationId}` }
        : request,
    ),
  };
}

/** Rounds in which each model and suite sends its next conversation, the order within drawn anew. */
function interleave(requests: readonly PlannedRequest[], random: Random): PlannedRequest[] {
  const lists = new Map<string, PlannedRequest[][]>();
  for (const request of requests) {
    const key = [request.target, request.model, request.suite].join('\n');
    const conversations = lists.get(key) ?? [];
    lists.set(key, conversations);
    if (request.turn === 0) conversations.push([request]);
    else conversations.at(-1)?.push(request);
  }
  const order = random.fork('interleave');
  const rounds = Math.max(0, ...[...lists.values()].map((list) => list.length));
  return Array.from({ length: rounds }, (_, round) => {
    const conversations = [...lists.values()].map((list) => list[round] ?? []);
    return order.shuffle(conversations).flat();
  }).flat();
}
