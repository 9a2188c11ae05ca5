import path from 'node:path';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CheckResult, Verdict } from '../gate/types.ts';
import {
  type CheckReport,
  checkJson,
  renderCheck,
  writeCheckReports,
} from '../report/check/index.ts';
import type { Output } from './output.ts';

export interface CheckOutputOptions {
  json: boolean;
  reports: readonly CheckReport[];
  /** False with `--no-ci-output`. */
  ciOutput: boolean;
  /** Of the config, as the user would name it; `null` without one. */
  configFile: string | null;
}

/**
 * Shows what a check found, writes its reports, and tells the CI job.
 * @returns `cannotWrite` where a report could not be written, else `done`
 */
export function showCheck(
  check: CheckResult,
  output: Output,
  { json, reports, ciOutput, configFile }: CheckOutputOptions,
): Promise<ExitCode> {
  // A report on stdout is data of its own, and takes the place of what a person would read.
  if (json) output.data(checkJson(check));
  else if (reports.every(({ file }) => file !== '-'))
    output.write(`${renderCheck(check, output)}\n`);
  return writeCheckReports(check, reports, {
    env: process.env,
    ciOutput,
    configPath: path.relative(process.cwd(), configFile ?? 'bench.config.yaml'),
    write: output.data,
    complain: output.complain,
    command: output.command,
  });
}

const EXIT_CODES: Record<Verdict, ExitCode> = {
  invalid: EXIT.invalid,
  fail: EXIT.gateFailed,
  inconclusive: EXIT.inconclusive,
  pass: EXIT.done,
};

/** The exit code of a verdict; that of a report that could not be written only where all is well otherwise. */
export function exitCodeOf({ verdict }: CheckResult, written: ExitCode): ExitCode {
  const code = EXIT_CODES[verdict];
  return code === EXIT.done ? written : code;
}
