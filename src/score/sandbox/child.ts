import { type ChildProcess, spawn } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import type { Readable } from 'node:stream';
import type { JsonObject } from '../../json.ts';
import { type ProcessState, processState } from './processor-time.ts';

/** All that a child may say before it is ended; longest single reply: 1 MiB. */
const REPLIES_BYTES = 16 * 2 ** 20;
/** It is asked one thing at a time: one that says more is not worth reading. */
const MOST_UNHEARD = 2;
/** A limit of time is processor time; by the clock there is this much of it for what sleeps … */
export const CLOCK_FACTOR = 4;
/** … and this much for what waits for a processor. */
const STARVED_FACTOR = 20;

/** Why a child is gone. */
export type Ending =
  | { kind: 'output' | 'garbled' | 'aborted' | 'done' }
  /** `while` is what it did then: starved, it waited for a processor. */
  | { kind: 'time'; clockMs: number; while: 'computing' | 'asleep' | 'starved' | 'unknown' }
  | { kind: 'exit'; code: number | null; signal: string | null }
  | { kind: 'unstartable'; message: string };

/** Thrown by `ask` where no reply will come. */
export class ChildEnded extends Error {
  readonly ending: Ending;
  constructor(ending: Ending) {
    super(`the child process has ended: ${ending.kind}`);
    this.ending = ending;
  }
}

export interface ChildCommand {
  path: string;
  args: string[];
  /** The whole of it: nothing of ours is inherited. */
  env: Record<string, string>;
}

/**
 * A process of its own group that is told one JSON document a line and answers likewise (requests on
 * file 0, replies on file 3; what it prints goes nowhere). It is killed, never asked to go.
 */
export class SandboxedChild {
  readonly #process: ChildProcess;
  readonly #gone: Promise<void>;
  readonly #abort: () => void;
  readonly #signal: AbortSignal;
  #ending: Ending | undefined;
  #bytes = 0;
  #partial: Buffer[] = [];
  #replies: JsonObject[] = [];
  #waiting: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(command: ChildCommand, signal: AbortSignal) {
    this.#process = spawn(command.path, command.args, {
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      env: command.env,
      cwd: ROOT,
      detached: process.platform !== 'win32', // a group of its own, to be killed as one
      windowsHide: true,
    });
    this.#gone = new Promise((resolve) => {
      this.#process.once('close', (code, exitSignal) => {
        this.#end({ kind: 'exit', code, signal: exitSignal });
        resolve();
      });
      this.#process.once('error', ({ message }) => {
        this.#end({ kind: 'unstartable', message });
        if (this.#process.pid === undefined) resolve();
      });
    });
    this.#process.stdin?.on('error', () => {}); // it is gone, and `close` tells
    const replies = this.#process.stdio[3] as Readable | null;
    replies?.on('data', (chunk: Buffer) => this.#read(chunk));
    replies?.on('error', () => {});
    this.#signal = signal;
    this.#abort = () => this.#end({ kind: 'aborted' });
    setMaxListeners(0, signal); // one each, of as many as run at a time
    if (signal.aborted) this.#abort();
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  /**
   * Ends the child with `kind: 'time'` when it has used `ms` of processor time from now on, so that a
   * busy machine is not held against it; and after `CLOCK_FACTOR` times that by the clock where it
   * sleeps then, or the kernel does not tell. A later call replaces an earlier one.
   */
  limitTime(ms: number): void {
    clearTimeout(this.#timer);
    const { pid } = this.#process;
    const beginMs = performance.now();
    const usedMs = processState(pid)?.processorMs ?? 0;
    const look = () => {
      if (this.#ending !== undefined) return;
      const state = processState(pid);
      const clockMs = performance.now() - beginMs;
      const leftMs = ms - ((state?.processorMs ?? 0) - usedMs);
      const factor = state?.isRunnable === true ? STARVED_FACTOR : CLOCK_FACTOR;
      const leftByClockMs = ms * factor - clockMs;
      if (leftMs <= 0 || leftByClockMs <= 0) {
        this.#end({ kind: 'time', clockMs, while: leftMs <= 0 ? 'computing' : idleness(state) });
      } else {
        this.#timer = setTimeout(look, Math.max(SHORTEST_LOOK_MS, Math.min(leftMs, leftByClockMs)));
      }
    };
    this.#timer = setTimeout(look, ms);
  }

  tell(message: JsonObject): void {
    this.#process.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /** The next reply, as yet unread. @throws {ChildEnded} */
  async hear(): Promise<JsonObject> {
    for (;;) {
      const reply = this.#ending?.kind === 'garbled' ? undefined : this.#replies.shift();
      if (reply !== undefined) return reply;
      if (this.#ending !== undefined) throw new ChildEnded(this.#ending);
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  /** Nothing may have been said unasked. @throws {ChildEnded} */
  ask(message: JsonObject): Promise<JsonObject> {
    if (this.#replies.length > 0) this.#end({ kind: 'garbled' });
    else this.tell(message);
    return this.hear();
  }

  /** Resolves when the whole group is gone. */
  async close(): Promise<void> {
    this.#end({ kind: 'done' });
    await this.#gone;
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#abort);
  }

  #read(chunk: Buffer): void {
    if (this.#ending !== undefined) return;
    this.#bytes += chunk.length;
    if (this.#bytes > REPLIES_BYTES) return this.#end({ kind: 'output' });
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      this.#partial.push(chunk.subarray(from, at));
      const reply = parsed(Buffer.concat(this.#partial).toString());
      this.#partial = [];
      from = at + 1;
      if (reply === undefined) return this.#end({ kind: 'garbled' });
      this.#replies.push(reply);
      if (this.#replies.length > MOST_UNHEARD) return this.#end({ kind: 'garbled' });
    }
    this.#partial.push(chunk.subarray(from));
    this.#wake();
  }

  /** The first reason counts. A reply that came before is still heard. */
  #end(ending: Ending): void {
    this.#ending ??= ending;
    this.#kill();
    this.#wake();
  }

  #kill(): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.#process.kill('SIGKILL');
      // Until it is reaped the number is its own.
      else if (this.#process.exitCode === null && this.#process.signalCode === null) {
        process.kill(-pid, 'SIGKILL');
      }
    } catch {
      // Gone already.
    }
  }

  #wake(): void {
    this.#waiting?.();
    this.#waiting = undefined;
  }
}

const LINE_FEED = 10;
const SHORTEST_LOOK_MS = 20;
const ROOT = process.platform === 'win32' ? 'C:\\' : '/';

function idleness(state: ProcessState | undefined) {
  if (state === undefined) return 'unknown';
  return state.isRunnable ? 'starved' : 'asleep';
}

function parsed(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
