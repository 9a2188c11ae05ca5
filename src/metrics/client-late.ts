import type { Tape } from '../capture/tape.ts';
import type { DecodedReply } from '../decode/types.ts';

/**
 * By how much the client itself may have been late at an instant that the latencies of this request
 * rest on: its start, its first token, first answer, last token.
 * @returns milliseconds, an upper bound; 0 where it was on time, `undefined` where nobody watched
 * @see docs/metrics.md#validity
 */
export function clientLateMs(
  { lateMoments }: Pick<Tape, 'lateMoments'>,
  reply: Pick<DecodedReply, 'firstReasoningMs' | 'firstTokenMs' | 'firstAnswerMs' | 'lastTokenMs'>,
): number | undefined {
  if (lateMoments === undefined) return undefined;
  const { firstReasoningMs, firstTokenMs, firstAnswerMs, lastTokenMs } = reply;
  const instantsMs = [0, firstReasoningMs, firstTokenMs, firstAnswerMs, lastTokenMs];
  return lateMoments.reduce(
    (worstMs, [atMs, lateMs]) => (instantsMs.includes(atMs) ? Math.max(worstMs, lateMs) : worstMs),
    0,
  );
}
