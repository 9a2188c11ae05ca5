import type { PassedOver } from '../baseline/types.ts';
import type { CheckResult, Finding, Verdict } from '../gate/types.ts';
import type { SummaryRow } from '../metrics/types.ts';
import { VERDICT_REACHED } from '../run/skips.ts';
import { resumedWords } from '../store/resumed.ts';
import type { Manifest } from '../store/types.ts';

/** What a check comes to. */
export interface CheckParts {
  manifest: Manifest;
  rows: readonly SummaryRow[];
  findings: readonly Finding[];
  alpha: number;
  /** Besides what the manifest says against the run. */
  invalidReasons: readonly string[];
  remarks: readonly string[];
}

export const PROMPTS_DIFFER = 'the arms of a pair were sent different prompts';

/** Of a run that could be no part of the history. */
export function passedOverRemark({ name, reason }: PassedOver): string {
  return `${name} was passed over: ${reason}`;
}

/** `check.json` of a run and of what was found in it. */
export function resultOf({ manifest, rows, findings, alpha, ...parts }: CheckParts): CheckResult {
  const { validity } = manifest;
  const reasons = [
    ...parts.invalidReasons,
    ...(validity.verdict === 'invalid' ? validity.reasons : []),
  ];
  const warnings = validity.verdict === 'warned' ? validity.reasons : [];
  const { interrupted } = manifest;
  const cutShort = interrupted === null ? [] : [`the check was interrupted (${interrupted})`];
  const resumed = resumedWords(manifest);
  const goneOn = resumed === null ? [] : [`the run was ${resumed}`];
  return {
    schema_version: 1,
    verdict: reasons.length > 0 ? 'invalid' : overall(findings, interrupted !== null),
    run_id: manifest.run_id,
    simulated: manifest.simulated,
    invalid_reasons: reasons,
    remarks: [...cutShort, ...goneOn, ...parts.remarks, ...warnings, ...endedBy(rows)],
    findings: [...findings],
    requests: {
      planned: sum(rows, ({ requests }) => requests.planned),
      sent: sum(rows, ({ requests }) => requests.planned - requests.skipped),
      ok: sum(rows, ({ requests }) => requests.ok),
    },
    cost_usd: costOf(rows),
    duration_ms: manifest.duration_ms,
    alpha,
  };
}

/**
 * One failure fails, nothing that is inconclusive passes, and what is advisory decides nothing: where
 * there is nothing else, nothing is decided. What was interrupted never passes.
 */
function overall(findings: readonly Finding[], interrupted: boolean): Verdict {
  const verdicts = new Set(findings.filter(({ advisory }) => !advisory).map((one) => one.verdict));
  if (verdicts.has('fail')) return 'fail';
  const isOpen = verdicts.has('inconclusive') || verdicts.size === 0;
  return isOpen || interrupted ? 'inconclusive' : 'pass';
}

/** What ended the sending before its plan did, verdicts apart. */
function endedBy(rows: readonly SummaryRow[]): string[] {
  const reasons = rows.flatMap(({ skipped_reason, label, suite, requests }) =>
    skipped_reason === null || skipped_reason === VERDICT_REACHED
      ? []
      : [
          `${label}, ${suite}: ${requests.skipped} of ${requests.planned} not sent: ${skipped_reason}`,
        ],
  );
  return [...new Set(reasons)];
}

/** `null` where that of any row is not known: a part must not be taken for the whole. */
function costOf(rows: readonly SummaryRow[]): number | null {
  const sent = rows.filter(({ requests }) => requests.planned > requests.skipped);
  if (sent.length === 0 || sent.some(({ cost_usd }) => cost_usd === null)) return null;
  return sum(sent, ({ cost_usd }) => cost_usd ?? 0);
}

function sum(rows: readonly SummaryRow[], of: (row: SummaryRow) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
