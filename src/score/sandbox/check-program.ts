import type { JsonObject } from '../../json.ts';
import type { CodeCheck } from '../../suite/code-value.ts';
import { type CodeResult, failed } from './call-tests.ts';
import type { SandboxedChild } from './child.ts';
import type { SandboxLimits } from './limits.ts';
import { failureOf, startChild, stopOf } from './run.ts';

/**
 * Runs a test program that defines `check(candidate)`, HumanEval's way, in two processes: the
 * assertions in one, the answer in another. Calls and results are passed between them, so the answer
 * never comes near the assertions that judge it.
 * @throws {SandboxUnavailable}
 */
export async function runCheck(
  task: CodeCheck,
  code: string,
  limits: SandboxLimits,
  signal: AbortSignal,
): Promise<CodeResult> {
  const answer = await startChild('python', code, limits, signal);
  try {
    const program = `${task.prompt}\n${task.check}`;
    const tests = await startChild('python', program, limits, signal);
    try {
      return await relay(task, code, { tests, answer }, limits);
    } finally {
      await tests.close();
    }
  } finally {
    await answer.close();
  }
}

interface Children {
  tests: SandboxedChild;
  answer: SandboxedChild;
}

async function relay(
  task: CodeCheck,
  code: string,
  { tests, answer }: Children,
  limits: SandboxLimits,
): Promise<CodeResult> {
  answer.limitTime(limits.timeoutMs);
  // The tests wait for the answer, whose time ends first.
  tests.limitTime(limits.timeoutMs + 1_000);
  try {
    const loaded = await answer.ask({ code, function: task.function });
    const unloaded = failureOf(loaded, 'loaded', limits);
    if (unloaded !== undefined) return failed(unloaded);
  } catch (error) {
    return stopped(error, limits);
  }
  const { check, function: name, prompt } = task;
  tests.tell({ check, function: name, prefix: prompt });
  for (;;) {
    let asked: JsonObject;
    try {
      asked = await tests.hear();
    } catch (error) {
      return testsFault(stopped(error, limits));
    }
    if (!('call' in asked)) return verdict(asked, limits);
    try {
      const reply = await answer.ask(asked.call as JsonObject);
      const failure = failureOf(reply, 'value', limits);
      if (failure !== undefined && !('raised' in reply))
        return { score: 0, reason: failure.reason };
      tests.tell(reply);
    } catch (error) {
      return stopped(error, limits);
    }
  }
}

function verdict(told: JsonObject, limits: SandboxLimits): CodeResult {
  if ('passed' in told) return { score: 1, reason: null };
  if ('failed' in told) {
    const line = told.failed ?? told.message;
    return { score: 0, reason: `failed ${typeof line === 'string' ? line : 'an assertion'}` };
  }
  const failure = failureOf(told, 'value', limits);
  // What the tests raise is most often the answer's own exception, passed on.
  return { score: 0, reason: failure?.reason ?? 'its tests ended without a verdict' };
}

function stopped(error: unknown, limits: SandboxLimits): CodeResult {
  const stop = stopOf(error, limits);
  return stop.by === 'us' ? { ungraded: stop.reason } : { score: 0, reason: stop.reason };
}

function testsFault(result: CodeResult): CodeResult {
  return 'ungraded' in result
    ? result
    : { ungraded: `the suite's own test program: ${result.reason}` };
}
