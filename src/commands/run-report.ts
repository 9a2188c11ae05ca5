import type { OutcomeClass } from '../decode/types.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import {
  judgeThresholds,
  overallVerdict,
  type ThresholdJudgement,
} from '../gate/judge-thresholds.ts';
import { renderJudgements } from '../gate/render.ts';
import type { Threshold } from '../gate/thresholds.ts';
import type { JsonObject } from '../json.ts';
import type { SummaryRow } from '../metrics/types.ts';
import { runJson } from '../report/json.ts';
import { failureLines } from '../report/shortfalls.ts';
import { renderTable } from '../report/table.ts';
import { neutralise } from '../report/text.ts';
import { measuredRows } from '../report/view.ts';
import { mayBeResumed } from '../run/resume/resumable.ts';
import type { RunResult } from '../run/run.ts';
import type { Manifest } from '../store/types.ts';
import type { Output } from './output.ts';

/** What a run found, and where it lies. */
export function report(
  result: RunResult,
  thresholds: Threshold[],
  output: Output,
  {
    json,
    output: dir,
    config,
    run,
  }: {
    json?: boolean;
    output?: string | undefined;
    config?: string | undefined;
    run?: string | undefined;
  },
): void {
  const view = { manifest: result.manifest, rows: result.rows };
  const judged = judgeThresholds(thresholds, result.evidence);
  const verdicts = judged.length > 0 ? `${renderJudgements(judged, output)}\n` : '';
  if (json === true) {
    output.data(runJson(view, judged.length > 0 ? { thresholds: judged.map(verdictOf) } : {}));
  } else {
    output.write(`${renderTable(view, output)}\n`);
    if (verdicts !== '') output.write(`\n${verdicts}`);
  }
  output.say(`Results: ${result.folder.path}`);
  if (mayBeResumed(result.manifest)) output.say(howToGoOn(result.manifest, dir, config));
  // A log is nobody who could go on from here.
  const next =
    json === true || process.stderr.isTTY !== true ? null : nextSteps(result.rows, dir, run);
  if (next !== null) output.say(next);
  const reason = unavailability(result);
  if (reason !== null) output.complain(`tokentape: ${reason}`);
}

/**
 * What there is to do with graded answers, in a line.
 * @param dir the results folder, where it is not the one that commands look in
 * @param run its name, where it is not the newest
 */
export function nextSteps(
  rows: readonly SummaryRow[],
  dir: string | undefined,
  run = 'latest',
): string | null {
  const graded = rows.filter(({ estimates }) => estimates.score.value !== null);
  if (graded.length === 0) return null;
  const name = neutralise(run);
  const models = new Set(graded.map(({ target, model }) => `${target}\n${model}`));
  const choosing = models.size > 1 ? `, frontier ${name}, pick ${name} --maximise score` : '';
  const where = dir === undefined ? '' : `, with -o ${neutralise(dir)}`;
  return `Next: tokentape show ${name} --failed${choosing}${where}`;
}

/**
 * What sends the rest of a run that was cut off.
 * @param dir the results folder, where it is not the one that commands look in
 * @param config the file that was named, where one was: it has the targets of the run
 */
export function howToGoOn(
  { run_id }: Pick<Manifest, 'run_id'>,
  dir: string | undefined,
  config?: string,
): string {
  const from = config === undefined ? '' : ` -c ${neutralise(config)}`;
  const where = dir === undefined ? '' : ` -o ${neutralise(dir)}`;
  return `To go on with it: tokentape run --resume ${neutralise(run_id)}${from}${where}`;
}

function verdictOf({ threshold, row, observed, verdict }: ThresholdJudgement): JsonObject {
  return {
    threshold: threshold.text,
    target: row?.target ?? null,
    model: row?.model ?? null,
    suite: row?.suite ?? null,
    value: observed.value,
    n: observed.n,
    verdict,
  };
}

/** The exit code of a run that came to its end. */
export function exitCodeOf(result: RunResult, thresholds: Threshold[]): ExitCode {
  if (unavailability(result) !== null) return EXIT.unavailable;
  if (result.manifest.validity.verdict === 'invalid') return EXIT.invalid;
  if (thresholds.length === 0) return EXIT.done;
  const verdict = overallVerdict(judgeThresholds(thresholds, result.evidence));
  if (verdict === 'fail') return EXIT.gateFailed;
  return verdict === 'inconclusive' ? EXIT.inconclusive : EXIT.done;
}

/** Why nothing at all came back; `null` where something did, or a signal ended the run before. */
export function unavailability({ manifest, rows, allRefused, refusal }: RunResult): string | null {
  if (allRefused) {
    const said = neutralise(refusal ?? 'no reason given').replace(/\.$/, '');
    return `every model refused the key: ${said}\n  check the key, and the address (base_url) of the target`;
  }
  const measured = measuredRows(rows);
  if (manifest.interrupted !== null || measured.length === 0 || measured.some(hasReply))
    return null;
  const [first = ''] = failureLines(measured);
  const remedy = measured.some(isAboutAddress)
    ? '\n  check the address (base_url) of the target'
    : '';
  return `every request failed: ${first}${remedy}`;
}

/** Failures that a wrong address makes; a server that says it is overloaded was well found. */
const ADDRESS_FAILURES: readonly OutcomeClass[] = [
  'dns',
  'connect',
  'connect_timeout',
  'tls',
  'proxy',
  'protocol',
  'reset_pre_headers',
  'not_found',
  'redirect',
  'http_3xx',
  'http_4xx',
  'not_sse',
  'empty',
];

function isAboutAddress({ failures }: SummaryRow): boolean {
  return ADDRESS_FAILURES.some((name) => (failures[name] ?? 0) > 0);
}

function hasReply({ requests }: SummaryRow): boolean {
  return requests.ok > 0;
}
