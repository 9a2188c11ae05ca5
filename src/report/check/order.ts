import type { CheckResult, Finding } from '../../gate/types.ts';
import { metricNameOf } from './metric-name.ts';

/** The findings of a check by what a reader does with them; every finding is in one list. */
export interface OrderedFindings {
  failed: Finding[];
  undecided: Finding[];
  /** Said for information, whatever their verdict. */
  advisory: Finding[];
  passed: Finding[];
}

export function orderFindings({ findings }: Pick<CheckResult, 'findings'>): OrderedFindings {
  const counting = findings.filter(({ advisory }) => !advisory);
  return {
    failed: counting.filter(({ verdict }) => verdict === 'fail'),
    undecided: counting.filter(({ verdict }) => verdict === 'inconclusive'),
    advisory: findings.filter(({ advisory }) => advisory),
    passed: counting.filter(({ verdict }) => verdict === 'pass'),
  };
}

/** Groups of one key, in the order in which they begin. */
export function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** Findings of one model and suite. */
export function bySubject(findings: readonly Finding[]): Finding[][] {
  return groupBy(findings, ({ target, model, suite }) => [target, model, suite].join('\0'));
}

/** Findings of one model, whatever the suite. */
export function byModel(findings: readonly Finding[]): Finding[][] {
  return groupBy(findings, ({ target, model }) => `${target}\0${model}`);
}

/** Findings of one metric, held against the same kind of thing; those of a limit, the same limit. */
export function byMetric(findings: readonly Finding[]): Finding[][] {
  return groupBy(findings, ({ form, metric, against }) =>
    [form, metricNameOf(metric).title, form === 'threshold' ? against : ''].join('\0'),
  );
}

/** The one that came closest to failing: by the bound of its change, else by its share of the limit. */
export function worstOf(findings: readonly [Finding, ...Finding[]]): Finding;
export function worstOf(findings: readonly Finding[]): Finding | undefined;
export function worstOf(findings: readonly Finding[]): Finding | undefined {
  return findings.reduce<Finding | undefined>(
    (worst, one) => (worst === undefined || nearness(one) > nearness(worst) ? one : worst),
    undefined,
  );
}

function nearness({ better, change, value, limit }: Finding): number {
  const sign = better === 'lower' ? 1 : -1;
  if (change !== null) {
    const bound = better === 'lower' ? change.high : change.low;
    return sign * (bound ?? change.estimate ?? -sign * Infinity);
  }
  return value.value === null || limit === null ? -Infinity : sign * (value.value - limit);
}
