import type { CodeValue } from '../../suite/code-value.ts';
import type { Expectation } from '../../suite/types.ts';
import { codeFor, programFor } from '../answer/code.ts';
import { isCutOff, right, ungraded, wrong } from '../judgement.ts';
import { type CodeResult, callTests } from '../sandbox/call-tests.ts';
import { runCheck } from '../sandbox/check-program.ts';
import type { SandboxLimits } from '../sandbox/limits.ts';
import { sandboxProblem } from '../sandbox/problem.ts';
import { SandboxUnavailable } from '../sandbox/unavailable.ts';
import type { Answered, DeferredGrader, Judgement } from '../types.ts';

export interface CodeSettings {
  /** For all tests of one answer, unless its expectation has a `timeout_ms`. */
  codeTimeoutMs: number;
  codeMemoryMb: number;
}

/**
 * Code by its case's tests, in the sandbox; where there is none, nothing is run and the answer is
 * ungraded. The score is the share of tests passed.
 */
export function codeGrader(settings: CodeSettings): DeferredGrader {
  return {
    async grade(answered, expectation, signal) {
      try {
        return await graded(answered, expectation, limitsOf(settings, expectation), signal);
      } catch (error) {
        if (error instanceof SandboxUnavailable) return noSandbox(error.message);
        // A result can be so odd that looking at it fails, as by its depth.
        if (error instanceof RangeError) return wrong('gave a result that cannot be compared');
        throw error;
      }
    },
  };
}

export function limitsOf(settings: CodeSettings, { timeout_ms }: Expectation): SandboxLimits {
  return {
    timeoutMs: typeof timeout_ms === 'number' ? timeout_ms : settings.codeTimeoutMs,
    memoryBytes: settings.codeMemoryMb * 2 ** 20,
  };
}

export function noSandbox(problem: string): Judgement {
  return ungraded(`not run, as there is no sandbox: ${problem}`);
}

async function graded(
  answered: Answered,
  expectation: Expectation,
  limits: SandboxLimits,
  signal: AbortSignal,
): Promise<Judgement> {
  const task = expectation.value as unknown as CodeValue; // checked when the suite was read
  const found = 'check' in task ? programFor(answered.text, task) : codeFor(answered.text, task);
  if ('problem' in found) return ungraded(found.problem);
  const problem = await sandboxProblem(task.language);
  if (problem !== null) return noSandbox(problem);
  const result =
    'check' in task
      ? await runCheck(task, found.code, limits, signal)
      : await callTests(task, found.code, limits, signal);
  return judged(result, found.code, answered);
}

function judged(result: CodeResult, code: string, answered: Answered): Judgement {
  if ('ungraded' in result) return ungraded(result.ungraded, code);
  const { score, reason } = result;
  if (reason === null) return right(code);
  if (isCutOff(answered)) return ungraded(`cut off: ${reason}`, code);
  return { ...wrong(reason, code), score };
}
