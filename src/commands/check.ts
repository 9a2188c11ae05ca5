import path from 'node:path';
import { groupsOf, findingsOf, idleThresholds, testsOf } from '../check/groups.ts';
import { type PreparedCheck, prepareCheck } from '../check/prepare.ts';
import { armsDiffer } from '../check/prompts.ts';
import { resultOf } from '../check/result.ts';
import { Sequential } from '../check/sequential.ts';
import { type CheckWishes, resolveWishes } from '../check/settings.ts';
import { toStored } from '../check/stored.ts';
import type { GateFlags } from '../config/gate-flags.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CheckResult, Verdict } from '../gate/types.ts';
import type { MeasuringThread } from '../load/measuring-thread.ts';
import { renderCheck } from '../report/check/index.ts';
import { type RunInputs, readRunInputs } from '../run/inputs.ts';
import type { RunResult } from '../run/run.ts';
import { writeWhole } from '../store/atomic-write.ts';
import { RUN_FILES } from '../store/folder.ts';
import { renderCheckDryRun } from './check-dry-run.ts';
import { checkStored } from './check-stored.ts';
import { type Output, processOutput } from './output.ts';
import type { RunCommandFlags } from './run.ts';
import { unavailability } from './run-report.ts';
import { remarkOnSimulation, runToItsEnd } from './run-to-end.ts';

export interface CheckCommandFlags extends RunCommandFlags, GateFlags {}

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
    prepared = await prepareCheck(inputs, wishes, flags);
    if (thread === undefined) {
      output.write(renderCheckDryRun(prepared, inputs.settings, flags.json === true));
      return EXIT.done;
    }
    remarkOnSimulation({ loaded: inputs.loaded, targets: prepared.targets }, output);
    for (const note of prepared.notes) output.say(note);
    const { result, check, interrupted } = await sendAndJudge(
      { inputs, wishes, prepared, thread },
      output,
      flags,
    );
    await show(check, wishes, output, flags.json === true);
    output.say(`Results: ${result.folder.path}`);
    const reason = unavailability(result);
    if (reason !== null) output.complain(`tokentape: ${reason}`);
    if (interrupted !== null) return interrupted;
    return reason === null ? exitCodeOf(check.verdict) : EXIT.unavailable;
  } finally {
    await thread?.end();
    await prepared?.close();
  }
}

function readCheckInputs(flags: CheckCommandFlags): { inputs: RunInputs; wishes: CheckWishes } {
  let wishes: CheckWishes | undefined;
  const inputs = readRunInputs(flags, ({ loaded }) => {
    const resolved = resolveWishes(loaded, flags);
    wishes = resolved.wishes;
    return resolved.problems;
  });
  if (wishes === undefined) throw new Error('what the check is asked was never read');
  const { against, baseline, thresholds } = wishes;
  const limits = inputs.thresholds.length + thresholds.length;
  if (against === null && baseline.length === 0 && limits === 0) throw nothingToJudgeBy();
  return { inputs, wishes };
}

/** Every request's record is on disk, and the run's reports are written, before anything is judged for good. */
async function sendAndJudge(
  {
    inputs: { suites, settings },
    wishes,
    prepared,
    thread,
  }: {
    inputs: RunInputs;
    wishes: CheckWishes;
    prepared: PreparedCheck;
    thread: MeasuringThread;
  },
  output: Output,
  flags: CheckCommandFlags,
): Promise<{ result: RunResult; check: CheckResult; interrupted: ExitCode | null }> {
  const { design, plan, targets, tokenizers, history } = prepared;
  const grows = history === null;
  const groups = grows ? groupsOf(design, plan.requests, plan.rows, settings.slo) : [];
  const sequential = new Sequential(groups);
  const { result, interrupted } = await runToItsEnd(
    {
      suites,
      targets,
      plan,
      settings,
      tokenizers,
      thread,
      maxDurationMs: wishes.maxDurationMs,
      ...(grows && { check: toStored(design), watch: sequential }),
    },
    output,
    flags,
  );
  sequential.end();
  sequential.rethrow();
  const { manifest, evidence, rows } = result;
  const findings = grows
    ? [
        ...findingsOf(groups, manifest.planned),
        ...idleThresholds(design, plan.rows).map((one) => namesNothing(one, rows)),
      ]
    : judgeRun(
        evidence,
        manifest.planned,
        { thresholds: design.thresholds, history: history.baselines },
        design.settings,
      );
  const check = resultOf({
    manifest,
    rows,
    findings,
    alpha: design.settings.alpha,
    invalidReasons: armsDiffer(plan.requests) ? [PROMPTS_DIFFER] : [],
    remarks: history === null ? [] : history.passedOver.map(passedOver),
  });
  await writeWhole(path.join(result.folder.path, RUN_FILES.check), checkJson(check));
  return { result, check, interrupted };
}
