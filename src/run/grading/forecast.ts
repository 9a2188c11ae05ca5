import type { GradingSettings } from '../../config/types.ts';
import type { PlannedRequest } from '../../plan/types.ts';
import { deferredOf } from '../../score/grade.ts';
import type { DeferredKind } from '../../score/types.ts';
import type { Expectation } from '../../suite/types.ts';

/** How the replies of a plan are to be graded, in measured requests. */
export interface GradingForecast {
  /** Of which nothing is expected, or all, where grading is switched off. */
  not_graded: number;
  at_once: number;
  /** When nothing is measured any more. */
  later: Partial<Record<DeferredKind, number>>;
  /** What was not asked for: these stay ungraded. */
  not_run: Partial<Record<DeferredKind, number>>;
}

/** Whether a run may do what a deferred grader takes. */
export function mayRun({ runCode, runJavascript, judge }: GradingSettings, kind: DeferredKind) {
  return { code: runCode, javascript: runJavascript, 'model-graded': judge !== null }[kind];
}

export function forecastGrading(
  requests: readonly PlannedRequest[],
  settings: GradingSettings,
): GradingForecast {
  const forecast: GradingForecast = { not_graded: 0, at_once: 0, later: {}, not_run: {} };
  const known = new Map<readonly Expectation[], DeferredKind[]>();
  for (const { phase, expect } of requests) {
    if (phase !== 'measure') continue;
    if (!settings.enabled || expect.length === 0) {
      forecast.not_graded++;
      continue;
    }
    // The models of a plan share their expectations.
    const kinds = known.get(expect) ?? [...new Set(deferredOf(expect).map(({ kind }) => kind))];
    known.set(expect, kinds);
    for (const kind of kinds) {
      const counts = mayRun(settings, kind) ? forecast.later : forecast.not_run;
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    if (kinds.length === 0) forecast.at_once++;
  }
  return forecast;
}
