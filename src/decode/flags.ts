import type { Tape } from '../capture/tape.ts';
import { contentCodings, countHeader, DECODED_FROM, isCachedReply } from './headers.ts';
import type { Transcript } from './transcript.ts';
import type { DecodedReply, Flag } from './types.ts';

const COALESCED_WITHIN_MS = 5;
const COALESCED_TOKENS_MIN = 10;

/** The remarks on a reply, in the order in which `Flag` names them. */
export function flagsOf(
  tape: Tape,
  transcript: Transcript,
  terminal: DecodedReply['terminal'],
): Flag[] {
  const marked = terminal === 'done' || terminal === 'lenient_done';
  const { headers } = tape;
  const holds: Record<Flag, boolean> = {
    coalesced: isCoalesced(transcript),
    cached_reply: isCachedReply(headers),
    unclean_close: marked && tape.end.how !== 'abort' && tape.end.code !== null,
    lenient_done: terminal === 'lenient_done',
    text_after_finish: transcript.textAfterFinish,
    usage_inconsistent: transcript.usageInconsistent,
    several_choices: transcript.severalChoices,
    compressed: DECODED_FROM in headers || contentCodings(headers).length > 0,
    retried_by_proxy: countHeader(headers, 'x-litellm-attempted-retries') > 0,
    fallback_by_proxy: countHeader(headers, 'x-litellm-attempted-fallbacks') > 0,
  };
  return (Object.keys(holds) as Flag[]).filter((flag) => holds[flag]);
}

/**
 * At least half of the text's bytes within 5 ms before the last token, in a stream of 10 or more
 * tokens: by usage less what was reasoned unseen, else by events with text.
 * @see docs/metrics.md#coalesced
 */
function isCoalesced(transcript: Transcript): boolean {
  const { tokenEvents, lastTokenMs } = transcript;
  if (lastTokenMs === null || streamedTokens(transcript) < COALESCED_TOKENS_MIN) return false;
  let bytes = 0;
  let lateBytes = 0;
  for (const { atMs, textBytes } of tokenEvents) {
    bytes += textBytes;
    if (atMs >= lastTokenMs - COALESCED_WITHIN_MS) lateBytes += textBytes;
  }
  return lateBytes * 2 >= bytes;
}

function streamedTokens({ usage, firstReasoningMs, tokenEvents }: Transcript): number {
  const tokens = usage?.completionTokens;
  if (tokens === undefined || tokens === null) return tokenEvents.length;
  return firstReasoningMs === null ? tokens - (usage?.reasoningTokens ?? 0) : tokens;
}
