import type { JsonObject, JsonValue } from '../../json.ts';
import type { CodeTest, CodeTests } from '../../suite/code-value.ts';
import type { SandboxedChild } from './child.ts';
import { equal, TOLERANCE } from './equal.ts';
import type { SandboxLimits } from './limits.ts';
import { type Failure, failureOf, startChild, stopOf } from './run.ts';
import { shortened, show, showCall } from './show.ts';
import { isExact } from './wire.ts';

/** How an answer did; `ungraded` says why nobody can tell. */
export type CodeResult = { score: number; reason: string | null } | { ungraded: string };

/**
 * Calls the function that the code defines, once per test. The child is told arguments, one test at
 * a time, and says what came out; what was expected stays here, so that code can neither know it nor
 * say that it was met.
 * @throws {SandboxUnavailable}
 */
export async function callTests(
  task: CodeTests,
  code: string,
  limits: SandboxLimits,
  signal: AbortSignal,
): Promise<CodeResult> {
  const inexact = task.tests.find((test) => !isExact(test.args) || !isExact(test.equals));
  if (inexact !== undefined) {
    return { ungraded: "a test has a whole number beyond 2^53: write it as {$int: '…'}" };
  }
  const child = await startChild(task.language, code, limits, signal);
  child.limitTime(limits.timeoutMs);
  try {
    return await callAll(child, task, code, limits);
  } finally {
    await child.close();
  }
}

async function callAll(
  child: SandboxedChild,
  task: CodeTests,
  code: string,
  limits: SandboxLimits,
): Promise<CodeResult> {
  const total = task.tests.length;
  let passed = 0;
  let reason: string | null = null;
  try {
    const loaded = await child.ask(load(task, code));
    const unloaded = failureOf(loaded, 'loaded', limits);
    if (unloaded !== undefined) return failed(unloaded);
    const before = 'raised' in loaded ? ` (and its code ${raisedText(loaded)})` : '';
    for (const test of task.tests) {
      const reply = await child.ask(call(task, test));
      const failure = failureOf(reply, 'value', limits);
      if (failure?.lacks) return { ungraded: `the sandbox lacks what it needs: ${failure.reason}` };
      const wrong =
        failure === undefined ? mismatch(task, test, reply) : during(task, test, failure);
      if (wrong === null) passed++;
      else reason ??= `${wrong}${before}`;
      if (failure?.stopped) break;
    }
  } catch (error) {
    const stop = stopOf(error, limits);
    if (stop.by === 'us') return { ungraded: stop.reason };
    reason ??= stop.reason;
  }
  return { score: passed / total, reason: passed === total ? null : reason };
}

/** Nothing was defined, so no test can be run. */
export function failed({ reason, lacks }: Failure): CodeResult {
  return lacks ? { ungraded: `the sandbox lacks what it needs: ${reason}` } : { score: 0, reason };
}

function load({ language, function: name }: CodeTests, code: string): JsonObject {
  const work = { code, function: name };
  return language === 'python' ? work : { load: work };
}

function call({ language }: CodeTests, { args, args_after }: CodeTest): JsonObject {
  const request = { args, after: args_after !== undefined };
  return language === 'python' ? request : { call: request };
}

function raisedText({ raised, line }: JsonObject): string {
  return `raised ${shortened(String(raised), 100)}${typeof line === 'number' ? ` in line ${line}` : ''}`;
}

function during({ language, function: name }: CodeTests, { args }: CodeTest, failure: Failure) {
  return failure.stopped ? failure.reason : `${showCall(name, args, language)} ${failure.reason}`;
}

/** Why a result is not what the test expects; `null` where it is. */
function mismatch(task: CodeTests, test: CodeTest, reply: JsonObject): string | null {
  const { language } = task;
  const likeness = { language, tolerance: test.tolerance ?? TOLERANCE };
  const value = reply.value as JsonValue;
  const called = showCall(task.function, test.args, language);
  try {
    if (!equal(value, test.equals, likeness)) {
      return `${called} gave ${show(value, language)}, not ${show(test.equals, language)}`;
    }
    const after = reply.after ?? null;
    if (test.args_after === undefined || equal(after, test.args_after, likeness)) return null;
    return `${called} left its arguments as ${show(after, language)}`;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `${called} gave a result that is nested too deeply`; // for the stack of this process
  }
}
