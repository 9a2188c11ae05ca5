import type { JsonObject } from '../../json.ts';
import { ChildEnded, CLOCK_FACTOR, type Ending, type SandboxedChild } from './child.ts';
import { startJavascript } from './javascript.ts';
import { mebibytes, type SandboxLimits, seconds } from './limits.ts';
import { startPython } from './python.ts';
import { mentionedModules } from './python-modules.ts';
import { SandboxUnavailable } from './unavailable.ts';
import type { Language } from './wire.ts';

const START_MS = 5_000;

/** What became of code that was run, apart from what it answered. */
export type Stop =
  /** The code's own doing: a limit or a forbidden call; a phrase that says which. */
  | { by: 'code'; reason: string }
  /** Not the code's fault: nothing can be said about it. */
  | { by: 'us'; reason: string };

/**
 * A child of that language that is ready and waits.
 * @throws {SandboxUnavailable} where none comes up
 */
export async function startChild(
  language: Language,
  code: string,
  limits: SandboxLimits,
  signal: AbortSignal,
): Promise<SandboxedChild> {
  const child =
    language === 'python'
      ? await startPython(limits, signal, { modules: mentionedModules(code) })
      : startJavascript(limits, signal);
  child.limitTime(START_MS);
  try {
    await child.hear();
  } catch (error) {
    await child.close();
    if (!(error instanceof ChildEnded)) throw error;
    throw new SandboxUnavailable(startProblem(error.ending));
  }
  child.limitTime(START_MS); // until the caller starts its own
  return child;
}

function startProblem(ending: Ending): string {
  switch (ending.kind) {
    case 'aborted':
      return 'interrupted before it was graded';
    case 'unstartable':
      return ending.message;
    case 'exit':
      return `the sandbox's process ended while it started (${ending.signal ?? `exit code ${ending.code}`})`;
    default:
      return `the sandbox did not start within ${seconds(START_MS * CLOCK_FACTOR)}`;
  }
}

/** What an error of `ask` or `hear` says about the code that was running. */
export function stopOf(error: unknown, limits: SandboxLimits): Stop {
  if (!(error instanceof ChildEnded)) throw error;
  const by = (reason: string): Stop => ({ by: 'code', reason });
  const { ending } = error;
  switch (ending.kind) {
    case 'time':
      return timeStop(ending, limits);
    case 'output':
      return by('stopped: wrote without end');
    case 'garbled':
      return by('stopped: wrote where only results go');
    case 'exit':
      return by(exitReason(ending, limits));
    case 'aborted':
    case 'done':
      return { by: 'us', reason: 'interrupted before it was graded' };
    case 'unstartable':
      return { by: 'us', reason: ending.message };
  }
}

function timeStop(ending: Ending & { kind: 'time' }, { timeoutMs }: SandboxLimits): Stop {
  const clock = seconds(ending.clockMs);
  switch (ending.while) {
    case 'computing':
    case 'unknown':
      return { by: 'code', reason: `stopped: ran longer than ${seconds(timeoutMs)}` };
    case 'asleep':
      return { by: 'code', reason: `stopped: waited; it was not done after ${clock}` };
    case 'starved':
      return {
        by: 'us',
        reason: `too busy a machine to give it its ${seconds(timeoutMs)} within ${clock}`,
      };
  }
}

function exitReason(ending: Ending & { kind: 'exit' }, limits: SandboxLimits): string {
  switch (ending.signal) {
    case null:
      return `stopped: ended its process before it answered (exit code ${ending.code})`;
    case 'SIGSYS':
      return 'stopped: made a system call that is not allowed';
    case 'SIGXCPU':
    case 'SIGKILL':
      return `stopped: used more processor time than ${seconds(limits.timeoutMs)} or was killed from outside`;
    default:
      return `stopped: crashed (${ending.signal})`;
  }
}

/** What a reply says other than what is `wanted`; `undefined` where it has that. */
export function failureOf(
  reply: JsonObject,
  wanted: 'loaded' | 'value',
  limits: SandboxLimits,
): Failure | undefined {
  const text = (name: string) => String(reply[name]).slice(0, 300);
  if (wanted in reply) return undefined;
  if ('stopped' in reply) return { reason: `stopped: asked for ${text('stopped')}`, stopped: true };
  if ('memory' in reply) return { reason: `asked for more than ${mebibytes(limits.memoryBytes)}` };
  if ('syntax' in reply) return { reason: `does not compile: ${text('syntax')}` };
  if ('missing' in reply) return { reason: `does not define ${text('missing')}` };
  if ('unsendable' in reply) return { reason: `gave a result that is ${text('unsendable')}` };
  if (!('raised' in reply))
    return { reason: 'stopped: wrote where only results go', stopped: true };
  const line = typeof reply.line === 'number' ? ` (line ${reply.line})` : '';
  const lacks = typeof reply.module === 'string' || LACKING.test(text('raised'));
  return { reason: `raised ${text('raised')}${line}`, lacks };
}

/** Of Node's surroundings, what answers may want without harm, and the interpreter has not. */
const LACKING = new RegExp(
  `^ReferenceError: '?(?:${[
    ...['Intl', 'URL', 'URLSearchParams', 'TextEncoder', 'TextDecoder', 'Buffer', 'atob', 'btoa'],
    ...['crypto', 'AbortController', 'EventTarget'],
  ].join('|')})'? is not defined|^Error: Cannot find module '(?:node:)?(?:${[
    ...['assert', 'async_hooks', 'buffer', 'crypto', 'events', 'os', 'path', 'perf_hooks'],
    ...['querystring', 'readline', 'stream', 'string_decoder', 'timers', 'url', 'util', 'zlib'],
  ].join('|')})(?:/\\w+)?'`,
);

export interface Failure {
  reason: string;
  /** The child is gone, or no longer to be listened to. */
  stopped?: boolean;
  /** It wants something harmless that the sandbox does not have: no fault of the answer's. */
  lacks?: boolean;
}
