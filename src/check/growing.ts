import type { RunSettings } from '../config/types.ts';
import { isInScope } from '../gate/judge-thresholds.ts';
import type { GateSettings } from '../gate/settings.ts';
import type { Threshold } from '../gate/thresholds.ts';
import { rowKey } from '../metrics/row-key.ts';
import { planHash } from '../plan/hash.ts';
import { buildPlan, type ListedTarget, type Plan, type PlanInput } from '../plan/plan.ts';
import { inStages } from '../plan/stages.ts';
import { isAddressed } from '../suite/audience.ts';
import type { Suite } from '../suite/types.ts';
import { growingLooks, growthOf } from './groups.ts';
import { refuseIdle } from './idle.ts';

type Place = Parameters<typeof isInScope>[0];

/**
 * Of the rows that a limit means, as many passes or requests as it may need, what is looked at first in
 * front; how long it takes is bounded, and no part of the plan.
 * @returns the plan, and the targets with those of their models that are in it
 * @throws TokentapeError (exit 2) where a limit means no row
 */
export function growingPlan(
  { suites, targets, settings }: PlanInput,
  { thresholds, settings: gate }: { thresholds: readonly Threshold[]; settings: GateSettings },
): { plan: Plan; targets: ListedTarget[] } {
  const growth = growthOf(gate);
  const { requests } = settings.runLimits;
  const grown: RunSettings = {
    ...settings,
    repeat: settings.repeat * growth,
    runLimits: {
      ...settings.runLimits,
      durationMs: null,
      requests: requests === null ? null : requests * growth,
    },
  };
  const places = placesOf(suites, targets);
  refuseIdle(thresholds, places);
  const labels = new Map(places.map((place) => [rowKey(place), place]));
  const isMeant = (one: Omit<Place, 'label'>, of = thresholds) => {
    const place = labels.get(rowKey(one));
    return place !== undefined && of.some((threshold) => isInScope(place, threshold));
  };
  const used = targets.flatMap((target) => {
    const models = target.models.filter(({ name: model }) =>
      suites.some((suite) => isMeant({ target: target.name, model, suite: suite.name })),
    );
    return models.length === 0 ? [] : [{ ...target, models }];
  });
  const plan = buildPlan({ suites, targets: used, settings: grown });
  const rows = plan.rows.filter((row) => isMeant(row));
  const meant = plan.requests.filter((request) => isMeant(request));
  const rates = thresholds.filter(({ observed }) => observed.kind === 'rate');
  const isRate = (row: Omit<Place, 'label'>) => isMeant(row, rates);
  const looksAt = (planned: number) => growingLooks(planned, gate);
  // Interleaved, the time of a row is shared with all others; a stage of theirs alone would not be.
  const keepsOrder = settings.order === 'interleaved' && rows.some(isRate);
  const parts = {
    ...plan.parts,
    load: { ...plan.parts.load, growth },
    rows: rows.map(({ target, model, suite }) => ({ target, model, suite })),
  };
  const staged = keepsOrder ? meant : inStages(meant, looksAt, isRate);
  return {
    plan: { ...plan, requests: staged, rows, parts, planHash: planHash(parts) },
    targets: used,
  };
}

function placesOf(suites: readonly Suite[], targets: readonly ListedTarget[]): Place[] {
  return targets.flatMap((target) =>
    target.models.flatMap(({ name: model, label, tags }) =>
      suites
        .filter((suite) => isAddressed(suite, tags))
        .map((suite) => ({ target: target.name, model, label, suite: suite.name })),
    ),
  );
}
