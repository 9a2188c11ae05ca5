import type { CheckResult, Finding } from '../../gate/types.ts';
import { neutralise } from '../text.ts';

/**
 * What a finding is of, in words that are the same from run to run, so that reports of two runs can be
 * matched: the number of runs of a history, or a figure, is no part of it.
 */
export function judgementOf({ form, metric, against }: Finding): string {
  const name = neutralise(metric);
  if (form === 'threshold') return `${name} ${neutralise(against)}`;
  return form === 'history'
    ? `${name} against earlier runs`
    : `${name} against ${neutralise(against)}`;
}

/** `market/DeepSeek-R1` */
export function modelOf({ target, model }: Finding): string {
  return `${neutralise(target)}/${neutralise(model)}`;
}

/** Figures of the simulator carry the word in their name, wherever they are stored. */
export function simulatedSuffix({ simulated }: CheckResult): string {
  return simulated ? ' (simulated)' : '';
}

/**
 * The figures that a tool may keep: each metric of a model and suite once, whatever judges it. None of
 * a run that cannot be trusted.
 */
export function figuresOf({ verdict, findings }: CheckResult): Finding[] {
  if (verdict === 'invalid') return [];
  const seen = new Set<string>();
  return findings.filter(({ target, model, suite, metric, value }) => {
    const key = [target, model, suite, metric].join('\0');
    if (value.value === null || value.at_least || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
