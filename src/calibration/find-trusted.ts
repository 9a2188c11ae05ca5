/** What p99 of the client's error may come to: to be trusted, and at all. */
export const TRUSTED_MS = 1;
export const LIMIT_MS = 5;

/** Found this close, in steps a quarter apart, a limit is found: hosts are not steadier than that. */
const CLOSE_ENOUGH = 1.25;
const STREAMS_FIRST = 16;

/** Error at so many streams; p99 in milliseconds. */
export interface StepError {
  streams: number;
  error_ms_p99: number;
}

export interface Found<T> {
  /** The most streams seen whose p99 stays within 1 ms; 0 where not even one stream's does. */
  trusted: number;
  /** As `trusted`, within 5 ms. */
  limit: number;
  /** No step reached the limit: the host can do more than was tried. */
  openEnded: boolean;
  /** In the order they were tried. */
  steps: T[];
}

/**
 * Finds how many streams a host can be trusted with: doubles until p99 passes 5 ms, then halves the
 * stretch in which it passes 1 ms, and that in which it passes 5 ms. A step that passes a limit is
 * tried once more, and the better of both counts, for a neighbour may have come between.
 * @param measure tries so many streams; called one at a time
 * @param most streams that the host has files and ports for
 */
export async function findTrusted<T extends StepError>(
  measure: (streams: number) => Promise<T>,
  most: number,
): Promise<Found<T>> {
  const steps: T[] = [];
  /** The better p99 of the tries at so many streams. */
  const known = new Map<number, number>();
  const triesAt = (streams: number): number =>
    steps.filter((step) => step.streams === streams).length;
  const p99At = async (streams: number, limitMs: number): Promise<number> => {
    for (;;) {
      const p99 = known.get(streams) ?? Infinity;
      if (p99 <= limitMs || triesAt(streams) === 2) return p99;
      const step = await measure(streams);
      steps.push(step);
      known.set(streams, Math.min(p99, step.error_ms_p99));
    }
  };
  const within = (limitMs: number): number =>
    Math.max(0, ...[...known].filter(([, p99]) => p99 <= limitMs).map(([streams]) => streams));
  const beyond = (limitMs: number): number => {
    const best = within(limitMs);
    return Math.min(...[...known.keys()].filter((streams) => streams > best), Infinity);
  };
  const nextStep = (limitMs: number): number | null => {
    const good = within(limitMs);
    const bad = beyond(limitMs);
    if (bad === Infinity) return null;
    if (triesAt(bad) < 2) return bad;
    if (bad <= Math.max(good, 1) * CLOSE_ENOUGH || bad - good <= 1) return null;
    return Math.round((good + bad) / 2);
  };

  for (let streams = Math.min(STREAMS_FIRST, most); ; streams = Math.min(streams * 2, most)) {
    if ((await p99At(streams, LIMIT_MS)) > LIMIT_MS || streams === most) break;
  }
  for (const limitMs of [TRUSTED_MS, LIMIT_MS]) {
    for (let next = nextStep(limitMs); next !== null; next = nextStep(limitMs)) {
      await p99At(next, limitMs);
    }
  }
  return {
    trusted: within(TRUSTED_MS),
    limit: within(LIMIT_MS),
    openEnded: beyond(LIMIT_MS) === Infinity,
    steps,
  };
}
