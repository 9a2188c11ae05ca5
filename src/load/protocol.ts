import type { Tape } from '../capture/tape.ts';
import type { Order, RequestLimits, RunLimits, Target } from '../config/types.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { ThreadReport } from './thread-watch.ts';

/** A target as the measuring thread needs it. */
export type MeasuredTarget = Pick<
  Target,
  'name' | 'baseUrl' | 'path' | 'apiKey' | 'headers' | 'protocol' | 'dialect' | 'continuousUsage'
> & {
  /** PEM of an extra certificate authority. */
  ca: string | undefined;
};

/** All that the measuring thread is told at the start. */
export interface MeasureJob {
  /** `process.hrtime.bigint()` of the run's origin, as a decimal string. */
  runOriginNs: string;
  targets: MeasuredTarget[];
  /** In the order in which they are to be sent. */
  requests: PlannedRequest[];
  order: Order;
  concurrency: number;
  requestLimits: RequestLimits;
  runLimits: RunLimits;
  /** Start over where the list ends, until the run's time is up. */
  cycle: boolean;
  /** Later than this, and what the thread stamps is marked. */
  lateMs: number;
  /** Requests in flight, one Int32 per model in the order of `modelKeys`; read by the progress. */
  inFlight: SharedArrayBuffer;
  modelKeys: string[];
  /** Requests sent so far, likewise; read by nobody before the thread has died. */
  sent: SharedArrayBuffer;
}

/** Why a planned request was not sent. */
export type UnsentReason =
  | 'refused'
  | 'skipped'
  | 'interrupted'
  | 'duration'
  | 'max_cost'
  | 'max_tokens'
  | 'conversation'
  /** The other arm of its pair could not be sent. */
  | 'pair'
  /** What it was for is known already. */
  | 'decided'
  /** Nobody can say any more what it is for. */
  | 'unjudged';

/** From the main thread to the measuring thread. */
export type Command =
  | { type: 'job'; job: MeasureJob }
  /** A tape was decoded: its bytes no longer count against the backlog. */
  | { type: 'taken'; requestId: string; bytes: number; costUsd: number; outputTokens: number }
  /** The answer to go on with in a conversation; `null` ends it. */
  | { type: 'turn'; requestId: string; answer: string | null }
  | { type: 'skip'; target: string; model: string }
  /** Nobody needs these any more: those not yet sent are not sent, those in flight go on. */
  | { type: 'settle'; requestIds: readonly string[] }
  /** Send nothing more; with `abort`, also give up what is in flight. */
  | { type: 'stop'; reason: UnsentReason; abort: boolean };

/** From the measuring thread to the main thread. */
export type Report =
  | { type: 'ready' }
  | { type: 'tape'; request: PlannedRequest; tape: Tape }
  | { type: 'unsent'; request: PlannedRequest; reason: UnsentReason }
  /** The model's reply, which comes next, says that the key does not open it. */
  | { type: 'refused'; target: string; model: string }
  /**
   * `backlogPauses`: how often sending waited for the main thread to take tapes. `thread` is `null`
   * where nothing was measured.
   */
  | { type: 'finished'; backlogPauses: number; thread: ThreadReport | null };

export function modelKey(of: { target: string; model: string }): string {
  return `${of.target}\n${of.model}`;
}
