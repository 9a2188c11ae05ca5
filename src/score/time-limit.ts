import { createContext, Script } from 'node:vm';
import { onCore } from './core-time.ts';

/** Given in place of a result that did not come in time. */
export const TIMED_OUT = Symbol('timed out');

const nothing = () => {};
const sandbox: { run: () => void } = { run: nothing };
const context = createContext(sandbox);
const script = new Script('run()');

/**
 * Runs what may take for ever, as a regular expression does that backtracks without end.
 * @param run pure: it is broken off in the middle, and begun anew where it had no core
 * @returns its result, or `TIMED_OUT`
 */
export function withinMs<T>(limitMs: number, run: () => T): T | typeof TIMED_OUT {
  return onCore(limitMs, (wallMs) => {
    const result = attempt(wallMs, run);
    return { result, timeUp: result === TIMED_OUT };
  });
}

function attempt<T>(wallMs: number, run: () => T): T | typeof TIMED_OUT {
  let result: T | typeof TIMED_OUT = TIMED_OUT;
  sandbox.run = () => {
    result = run();
  };
  try {
    script.runInContext(context, { timeout: Math.max(1, Math.ceil(wallMs)) });
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return TIMED_OUT;
  } finally {
    sandbox.run = nothing;
  }
  return result;
}
