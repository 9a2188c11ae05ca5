import { appendFile, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../errors.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { CheckResult } from '../../gate/types.ts';
import { writeWhole } from '../../store/atomic-write.ts';
import { formatCount } from '../numbers.ts';
import { type CheckReport, renderForm } from './forms.ts';

/** What GitHub takes of one step's summary; of a longer one it takes nothing. */
const SUMMARY_BYTES = 1024 * 1024;

export interface ReportTarget {
  /** Variables of the process: `GITHUB_STEP_SUMMARY`, `GITHUB_ACTIONS`. */
  env: Record<string, string | undefined>;
  /** Whether a CI job is told without being asked; `false` with `--no-ci-output`. */
  ciOutput: boolean;
  /** Of the check; GitLab wants it relative to the repository. */
  configPath: string;
  /** Data: the one report whose file is `-`. */
  write(text: string): void;
  /** What could not be written. */
  complain(text: string): void;
  /** Annotations, which are commands to the runner of the job. */
  command(lines: string, to: 'stdout' | 'stderr'): void;
}

/**
 * Writes every report that was asked for, and tells the CI job that the check runs in: GitHub gets a
 * step summary and annotations. One that cannot be written keeps no other from being written.
 * @returns `cannotWrite` where something that was asked for could not be written, for a check that
 *   would have ended with 0: any other verdict says more. What only the CI job's environment asked
 *   for is complained of, and changes no exit code.
 */
export async function writeCheckReports(
  result: CheckResult,
  reports: readonly CheckReport[],
  target: ReportTarget,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  for (const report of reports) {
    if (!(await attempt(() => writeOne(report, result, target), target))) code = EXIT.cannotWrite;
  }
  if (target.ciOutput) {
    const { GITHUB_STEP_SUMMARY: summary = '', GITHUB_ACTIONS } = target.env;
    if (summary !== '') await attempt(() => appendSummary(summary, result, target), target);
    if (GITHUB_ACTIONS === 'true') annotate(result, target);
  }
  return code;
}

async function attempt(write: () => Promise<void>, { complain }: ReportTarget): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    complain(`tokentape: ${messageOf(error)}`);
    return false;
  }
}

async function writeOne(
  { form, file }: CheckReport,
  result: CheckResult,
  target: ReportTarget,
): Promise<void> {
  const text = renderForm(form, result, target.configPath);
  if (file === '-') {
    return form === 'annotations' ? target.command(text, 'stdout') : target.write(text);
  }
  // A folder that cannot be made is told of by the file that cannot be written in it.
  await mkdir(path.dirname(file), { recursive: true }).catch(() => undefined);
  await writeWhole(file, text);
}

async function appendSummary(
  file: string,
  result: CheckResult,
  { configPath }: ReportTarget,
): Promise<void> {
  const text = renderForm('md', result, configPath);
  const taken = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (taken + Buffer.byteLength(text) > SUMMARY_BYTES) {
    const kibibytes = formatCount(Math.ceil(taken / 1024));
    throw new Error(`the step's summary holds ${kibibytes} KiB already: the check's is left out`);
  }
  try {
    await appendFile(file, text);
  } catch (error) {
    throw new Error(`cannot append to the step's summary: ${messageOf(error)}`);
  }
}

function annotate(result: CheckResult, { configPath, command }: ReportTarget): void {
  const commands = renderForm('annotations', result, configPath);
  if (commands !== '') command(commands, 'stderr');
}
