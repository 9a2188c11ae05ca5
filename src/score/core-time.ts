import { ThreadClock } from '../thread-times.ts';

/** Attempts of which none got a core for long: then nobody can say how long it would have taken. */
const ATTEMPTS_MAX = 5;
/** Of the limit on a core, what an attempt must have had to count. */
const SHARE_NEEDED = 0.5;

let clock: ThreadClock | null | undefined;

/**
 * Tries anew what ran into a limit of wall time while others had the core: on a busy machine a thread
 * may wait for longer than an honest pattern takes. Where the system does not tell, the first attempt
 * counts.
 * @param attempt its result, and whether its time was up
 */
export function onCore<T>(limitMs: number, attempt: () => { result: T; timeUp: boolean }): T {
  clock ??= ThreadClock.open();
  for (let attempts = 1; ; attempts++) {
    const before = clock?.read()?.cpuMs;
    const { result, timeUp } = attempt();
    const after = clock?.read()?.cpuMs;
    if (!timeUp || attempts === ATTEMPTS_MAX) return result;
    if (before === undefined || after === undefined) return result;
    if (after - before >= limitMs * SHARE_NEEDED) return result;
  }
}
