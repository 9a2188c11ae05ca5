import type { RowEvidence } from '../../metrics/evidence.ts';
import type { SummaryRow } from '../../metrics/types.ts';
import { counted } from '../../report/numbers.ts';
import { isMeant } from '../judge-thresholds.ts';
import type { GateSettings } from '../settings.ts';
import { SCOPES, type Threshold } from '../thresholds.ts';
import type { Finding } from '../types.ts';
import { identityOf, judgeLimit } from './judge-limit.ts';

const ONE_LOOK: Finding['looks'] = { taken: 1, planned: 1 };

/**
 * Judges limits on the rows of a run that is over, at one look.
 * @param tests findings of the whole check, over which its chance of a false fail is divided
 * @returns threshold by threshold, one finding for each row it means; one for a threshold that means
 *   none, for a limit on nothing is never kept
 */
export function judgeLimits(
  thresholds: readonly Threshold[],
  evidence: readonly RowEvidence[],
  { alpha }: Pick<GateSettings, 'alpha'>,
  tests: number,
): Finding[] {
  const levels = { fail: alpha / tests, pass: alpha };
  const rows = evidence.map((each) => ({ each, timeline: each.samples.timeline() }));
  return thresholds.flatMap((threshold) => {
    const meant = rows.filter(({ each }) => isMeant(each.row, threshold));
    if (meant.length === 0)
      return [
        namesNothing(
          threshold,
          evidence.map(({ row }) => row),
        ),
      ];
    return meant.map(({ each, timeline }) =>
      judgeLimit(threshold, each, timeline, levels, ONE_LOOK),
    );
  });
}

/** How many findings `judgeLimits` makes. */
export function countLimits(
  thresholds: readonly Threshold[],
  evidence: readonly RowEvidence[],
): number {
  const meantBy = (one: Threshold) => evidence.filter(({ row }) => isMeant(row, one)).length;
  return thresholds.reduce((sum, one) => sum + Math.max(1, meantBy(one)), 0);
}

/** Of a limit on nothing: which rows there are. */
export function namesNothing(
  threshold: Threshold,
  rows: readonly Pick<SummaryRow, 'target' | 'model' | 'label' | 'suite'>[],
): Finding {
  const { scope, text } = threshold;
  const model = scope.model ?? 'any';
  const place = { target: scope.target ?? 'any', model, label: model, suite: scope.suite ?? 'any' };
  return {
    ...identityOf(threshold, place),
    verdict: 'inconclusive',
    value: { value: null, low: null, high: null, n: 0 },
    samples: { count: 0, of: 'requests' },
    looks: ONE_LOOK,
    why: `'${text}' means no row of this run of which anything was sent`,
    next: rows.length === 0 ? 'send something' : `name what there is: ${present(rows)}`,
  };
}

const MOST_NAMES = 6;

function present(rows: readonly Pick<SummaryRow, 'target' | 'label' | 'suite'>[]): string {
  return SCOPES.map((scope) => {
    const names = [...new Set(rows.map((row) => (scope === 'model' ? row.label : row[scope])))];
    const more = names.length - MOST_NAMES;
    const shown = names.slice(0, MOST_NAMES).join(', ');
    return `${scope} ${shown}${more > 0 ? ` and ${counted(more, 'other')}` : ''}`;
  }).join('; ');
}
