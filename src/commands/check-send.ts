import path from 'node:path';
import { findingsOf, groupsOf } from '../check/groups.ts';
import { judgeRun } from '../check/judge-run.ts';
import type { PreparedCheck } from '../check/prepare.ts';
import { armsDiffer } from '../check/prompts.ts';
import { PROMPTS_DIFFER, passedOverRemark, resultOf } from '../check/result.ts';
import { Sequential } from '../check/sequential.ts';
import type { CheckWishes } from '../check/settings.ts';
import { toStored } from '../check/stored.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { CheckResult } from '../gate/types.ts';
import type { MeasuringThread } from '../load/measuring-thread.ts';
import { checkJson } from '../report/check/index.ts';
import type { RunInputs } from '../run/inputs.ts';
import type { RunResult } from '../run/run.ts';
import { writeWhole } from '../store/atomic-write.ts';
import { RUN_FILES } from '../store/folder.ts';
import type { Output } from './output.ts';
import { runToItsEnd } from './run-to-end.ts';

/** A check, ready to be sent. */
export interface CheckToSend {
  inputs: RunInputs;
  wishes: CheckWishes;
  prepared: PreparedCheck;
  thread: MeasuringThread;
}

/** Every request's record is on disk, and the run's reports are written, before anything is judged for good. */
export async function sendAndJudge(
  { inputs: { suites }, wishes, prepared, thread }: CheckToSend,
  output: Output,
  flags: { quiet?: boolean; verbose?: boolean },
): Promise<{ result: RunResult; check: CheckResult; interrupted: ExitCode | null }> {
  const { design, settings, plan, targets, tokenizers, judges, history } = prepared;
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
      judges,
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
    ? findingsOf(groups, design, manifest.planned, evidence)
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
    remarks: history === null ? [] : history.passedOver.map(passedOverRemark),
  });
  await writeWhole(path.join(result.folder.path, RUN_FILES.check), checkJson(check));
  return { result, check, interrupted };
}
