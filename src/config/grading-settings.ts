import { parseDuration } from './duration.ts';
import type { Given } from './given.ts';
import type { GradingConfig } from './grading-schema.ts';
import type { RunFlags } from './run-flags.ts';
import { JUDGE, ON_OFF } from './setting-kinds.ts';
import type { GradingSettings, JudgeSettings } from './types.ts';

/** How answers are graded where nothing else is said. */
export const DEFAULT_GRADING: GradingSettings = {
  enabled: true,
  runCode: false,
  runJavascript: false,
  regexMs: 100,
  codeTimeoutMs: 10_000,
  codeMemoryMb: 512,
  judge: null,
};

/** How a judge is asked where nothing else is said. */
export const DEFAULT_JUDGE: JudgeSettings = {
  model: null,
  parameters: {},
  concurrency: 4,
  retries: 3,
  timeoutMs: 120_000,
  maxCostUsd: null,
};

/** Precedence as of all settings: flag, variable, `grading` of the config, built in. */
export function resolveGrading(given: Given<RunFlags>, config: GradingConfig): GradingSettings {
  const base = DEFAULT_GRADING;
  return {
    enabled: given('grade', ON_OFF) ?? config.enabled ?? base.enabled,
    runCode: given('runCode', ON_OFF) ?? config.run_code ?? base.runCode,
    runJavascript: given('runJavascript', ON_OFF) ?? config.run_javascript ?? base.runJavascript,
    regexMs: msOf(config.regex_timeout) ?? base.regexMs,
    codeTimeoutMs: msOf(config.code_timeout) ?? base.codeTimeoutMs,
    codeMemoryMb: config.code_memory_mb ?? base.codeMemoryMb,
    judge: resolveJudge(given('judge', JUDGE), config.judge),
  };
}

/** Asking costs money: without a flag, a variable or a section of the config nobody is asked. */
function resolveJudge(
  named: string | undefined,
  config: GradingConfig['judge'],
): JudgeSettings | null {
  if (named === undefined && config === undefined) return null;
  const { model, parameters, concurrency, retries, timeout, max_cost } = config ?? {};
  const base = DEFAULT_JUDGE;
  return {
    model: named ?? model ?? base.model,
    parameters: parameters ?? base.parameters,
    concurrency: concurrency ?? base.concurrency,
    retries: retries ?? base.retries,
    timeoutMs: msOf(timeout) ?? base.timeoutMs,
    maxCostUsd: max_cost ?? base.maxCostUsd,
  };
}

function msOf(configured: string | undefined): number | undefined {
  return configured === undefined ? undefined : parseDuration(configured);
}
