import { type PreparedCheck, prepareCheck } from '../check/prepare.ts';
import { type CheckWishes, resolveWishes } from '../check/settings.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { MeasuringThread } from '../load/measuring-thread.ts';
import { type CheckReport, parseReportForms } from '../report/check/index.ts';
import { type RunInputs, readRunInputs } from '../run/inputs.ts';
import { renderCheckDryRun } from './check-dry-run.ts';
import { type CheckCommandFlags, nothingToJudgeBy } from './check-flags.ts';
import { exitCodeOf, showCheck } from './check-output.ts';
import { type CheckToSend, sendAndJudge } from './check-send.ts';
import { checkStored } from './check-stored.ts';
import { type Output, processOutput } from './output.ts';
import { unavailability } from './run-report.ts';
import { remarkOnSimulation } from './run-to-end.ts';

/**
 * `tokentape check`: judges a stored run, or sends what it takes to judge, and no more than that.
 * @param thread ended here, whatever happens; without one nothing is sent
 */
export async function checkCommand(
  run: string | undefined,
  flags: CheckCommandFlags,
  thread: MeasuringThread | undefined,
): Promise<ExitCode> {
  const output = processOutput(flags.quiet);
  if (run !== undefined) return checkStored(run, flags, output);
  let prepared: PreparedCheck | undefined;
  try {
    const { inputs, wishes } = readCheckInputs(flags);
    const reports = parseReportForms(wishes.reports, flags.json);
    prepared = await prepareCheck(inputs, wishes, flags);
    if (thread === undefined) {
      output.write(renderCheckDryRun(prepared, prepared.settings, flags.json === true));
      return EXIT.done;
    }
    return await sendCheck({ inputs, wishes, prepared, thread }, reports, output, flags);
  } finally {
    await thread?.end();
    await prepared?.close();
  }
}

/** What a check is asked, all mistakes of flags, variables and config at once. */
function readCheckInputs(flags: CheckCommandFlags): { inputs: RunInputs; wishes: CheckWishes } {
  let wishes: CheckWishes | undefined;
  const inputs = readRunInputs(flags, ({ loaded }) => {
    const resolved = resolveWishes(loaded, flags);
    wishes = resolved.wishes;
    return resolved.problems;
  });
  if (wishes === undefined) throw new Error('what the check is asked was never read');
  const { against, baseline, thresholds } = wishes;
  if (against !== null || baseline.length > 0) return { inputs, wishes };
  if (inputs.thresholds.length + thresholds.length === 0) throw nothingToJudgeBy();
  return { inputs, wishes };
}

async function sendCheck(
  check: CheckToSend,
  reports: readonly CheckReport[],
  output: Output,
  flags: CheckCommandFlags,
): Promise<ExitCode> {
  const { inputs, prepared } = check;
  remarkOnSimulation({ loaded: inputs.loaded, targets: prepared.targets }, output);
  for (const note of prepared.notes) output.say(note);
  const sent = await sendAndJudge(check, output, flags);
  const written = await showCheck(sent.check, output, {
    json: flags.json === true,
    reports,
    ciOutput: flags.ciOutput !== false,
    configFile: inputs.loaded.file,
  });
  output.say(`Results: ${sent.result.folder.path}`);
  const reason = unavailability(sent.result);
  if (reason !== null) output.complain(`tokentape: ${reason}`);
  if (sent.interrupted !== null) return sent.interrupted;
  return reason === null ? exitCodeOf(sent.check, written) : EXIT.unavailable;
}
