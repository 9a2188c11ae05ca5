import type { JsonObject, JsonValue } from '../../json.ts';
import type { Expectation } from '../../suite/types.ts';
import { right, ungraded, wrong } from '../judgement.ts';
import type { SandboxLimits } from '../sandbox/limits.ts';
import { sandboxProblem } from '../sandbox/problem.ts';
import { failureOf, startChild, stopOf } from '../sandbox/run.ts';
import type { Answered, DeferredGrader, Judgement } from '../types.ts';
import { type CodeSettings, limitsOf, noSandbox, ungradable } from './code.ts';

/**
 * The suite's own JavaScript over the answer: an expression, a function, or a body that returns, of
 * `output` (the text) and `context`. It gives a boolean, a score, or `{pass, score, reason}`. Where
 * it does not come to an end, or gives none of these, nobody knows: ungraded.
 */
export function javascriptGrader(settings: CodeSettings): DeferredGrader {
  return {
    async grade(answered, expectation, signal) {
      try {
        const problem = await sandboxProblem('javascript');
        if (problem !== null) return noSandbox(problem);
        return await judged(answered, expectation, limitsOf(settings, expectation), signal);
      } catch (error) {
        return ungradable(error);
      }
    },
  };
}

async function judged(
  answered: Answered,
  expectation: Expectation,
  limits: SandboxLimits,
  signal: AbortSignal,
): Promise<Judgement> {
  const child = await startChild('javascript', '', limits, signal);
  child.limitTime(limits.timeoutMs);
  try {
    const context = contextOf(answered);
    const expression = expectation.value ?? '';
    const reply = await child.ask({ judge: { expression, output: answered.text, context } });
    const failure = failureOf(reply, 'value', limits);
    if (failure !== undefined) return ungraded(`the suite's javascript ${failure.reason}`);
    return verdict(reply.value ?? null, expectation.threshold);
  } catch (error) {
    return ungraded(`the suite's javascript: ${stopOf(error, limits).reason}`);
  } finally {
    await child.close();
  }
}

function contextOf({ messages, reasoning, reference, toolCalls }: Answered): JsonObject {
  const prompt = messages.at(-1)?.content ?? '';
  return {
    prompt,
    reasoning,
    reference,
    vars: { prompt, reasoning, reference },
    messages: messages.map(({ role, content }) => ({ role, content })),
    toolCalls: toolCalls.map((call) => ({ ...call })) as unknown as JsonValue,
  };
}

/** A score is right from `threshold` on; without one, where it is above 0. */
function verdict(value: JsonValue, threshold: number | undefined): Judgement {
  if (typeof value === 'boolean') return value ? right() : wrong("the suite's javascript says no");
  if (typeof value === 'number') return byScore(value, undefined, null, threshold);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { pass, score, reason } = value;
    const said = typeof reason === 'string' && reason !== '' ? reason : null;
    if (typeof pass === 'boolean' || typeof score === 'number') {
      return byScore(typeof score === 'number' ? score : Number(pass), pass, said, threshold);
    }
  }
  return ungraded("the suite's javascript gave neither boolean, score nor {pass, score, reason}");
}

function byScore(
  given: number,
  pass: JsonValue | undefined,
  said: string | null,
  threshold: number | undefined,
): Judgement {
  const score = Math.min(1, Math.max(0, given));
  const passes =
    typeof pass === 'boolean' ? pass : threshold === undefined ? given > 0 : given >= threshold;
  if (passes) return { ...right(), score };
  return { ...wrong(said ?? `scored ${given}`), score };
}
