import type { RunSettings } from '../config/types.ts';
import { jsonText } from '../json.ts';
import { estimatePlan } from '../plan/budget.ts';
import type { Plan } from '../plan/plan.ts';
import { DEFERRED_KINDS, doingsOf, flagFor } from '../report/grading-words.ts';
import { counted, formatCount, formatUsd } from '../report/numbers.ts';
import { neutralise } from '../report/text.ts';
import { forecastGrading, type GradingForecast } from '../run/grading/forecast.ts';
import type { DeferredKind } from '../score/types.ts';

/** What a run would send, and what it may cost at most. */
export function renderDryRun(plan: Plan, settings: RunSettings, json: boolean): string {
  const cost = estimatePlan(plan);
  const grading = forecastGrading(plan.requests, settings.grading);
  if (json) {
    return `${jsonText(
      {
        schema_version: 1,
        requests: cost.requests,
        warmup_requests: cost.warmupRequests,
        open_ended: plan.cycle,
        output_tokens_upper: cost.outputTokensUpper,
        cost_usd_upper: cost.costUpperUsd,
        grading,
        plan_hash: plan.planHash,
        prompts_hash: plan.promptsHash,
        seed: settings.seed,
        rows: plan.rows.map(({ target, model, suite, planned }) => ({
          target,
          model,
          suite,
          planned,
        })),
      },
      2,
    )}\n`;
  }
  const lines = plan.rows.map(
    ({ target, label, suite, planned }) =>
      `  ${neutralise(target)} / ${neutralise(label)} / ${neutralise(suite)}: ${planned}`,
  );
  const tokens =
    cost.outputTokensUpper === null
      ? 'unbounded: not every request has max_tokens'
      : `at most ${formatCount(cost.outputTokensUpper)}`;
  const money =
    cost.costUpperUsd === null
      ? 'unknown: a model has no price, or its answers no max_tokens'
      : `at most ${formatUsd(cost.costUpperUsd)}`;
  return [
    'Nothing is sent. Measured requests by target, model and suite:',
    ...lines,
    '',
    `Requests:      ${formatCount(cost.requests)}, of these ${formatCount(cost.warmupRequests)} to warm up` +
      (plan.cycle
        ? `; again from the start until ${settings.runLimits.durationMs} ms have passed`
        : ''),
    `Output tokens: ${tokens}${plan.cycle ? ' a pass' : ''}`,
    `Cost:          ${money}${plan.cycle ? ' a pass' : ''}`,
    `Graded:        ${gradingLine(grading, settings)}`,
    `Seed:          ${settings.seed}`,
    `Plan hash:     ${plan.planHash}`,
    `Prompts hash:  ${plan.promptsHash}`,
    '',
  ].join('\n');
}

/** What is graded how, and what would take a flag. */
function gradingLine(forecast: GradingForecast, { grading }: RunSettings): string {
  if (!grading.enabled) return 'nothing: grading is switched off';
  const each = (
    counts: Partial<Record<DeferredKind, number>>,
    say: (kind: DeferredKind, count: string) => string,
  ) =>
    DEFERRED_KINDS.flatMap((kind) => {
      const count = counts[kind] ?? 0;
      return count === 0 ? [] : say(kind, counted(count, 'answer'));
    });
  const { at_once, later, not_run, not_graded } = forecast;
  const parts = [
    ...(at_once > 0 ? [`${counted(at_once, 'answer')} at once`] : []),
    ...each(later, (kind, count) => `${count} afterwards, by ${doingsOf([kind])}`),
    ...each(not_run, (kind, count) => `${count} only with ${flagFor(kind)}`),
    ...(not_graded > 0 ? [`${counted(not_graded, 'answer')} not at all`] : []),
  ];
  return parts.join('; ');
}
