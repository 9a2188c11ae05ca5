import { CalibrationCache, type StreamLoad, type TrustedLoad } from '../calibration/cache.ts';
import type { RunSettings } from '../config/types.ts';
import type { MeasuringThread } from '../load/measuring-thread.ts';
import { plannedStreams } from '../plan/load.ts';
import type { Plan } from '../plan/plan.ts';
import type { ClientError } from '../store/types.ts';

/** The streams of a run, and what each is expected to bring. */
export function loadOf(plan: Plan, settings: RunSettings): StreamLoad {
  return { streams: plannedStreams(plan, settings), chunkRate: settings.chunkRate };
}

/**
 * The client's own error at a load: as this host's cache has it, else measured now, in two seconds,
 * and kept there.
 * @param onMeasure told where it has to be measured
 * @returns `undefined` where it cannot be measured: that is no reason not to run
 */
export async function clientErrorAt(
  load: StreamLoad,
  thread: MeasuringThread,
  onMeasure: (load: StreamLoad) => void = () => {},
): Promise<ClientError | undefined> {
  if (load.streams === 0) return undefined;
  const cache = new CalibrationCache();
  const kept = cache.errorAt(load);
  if (kept !== undefined) return kept;
  onMeasure(load);
  try {
    // Loaded only here: most runs find what they need in the cache.
    const [{ startGroundTruth }, { measureClientError }] = await Promise.all([
      import('../calibration/ground-truth.ts'),
      import('./calibrate.ts'),
    ]);
    const truth = await startGroundTruth();
    try {
      const error = await measureClientError(thread, truth.url, load);
      await cache.keepErrors([error]);
      return error;
    } finally {
      await truth.close();
    }
  } catch {
    return undefined;
  }
}

/** What is to be said before a run of more load than this host is trusted with; else `null`. */
export function beyondTrust(load: StreamLoad, trusted: TrustedLoad | undefined): string | null {
  if (trusted === undefined) return null;
  const { trusted_streams, chunk_rate, measured_at } = trusted;
  if (load.streams * load.chunkRate <= trusted_streams * chunk_rate) return null;
  return (
    `This run keeps up to ${load.streams} streams of ${load.chunkRate} chunks/s open; \`tokentape calibrate\` ` +
    `trusted this host with ${trusted_streams} of ${chunk_rate} (${measured_at.slice(0, 10)}).`
  );
}
