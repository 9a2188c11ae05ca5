import type { Tape } from '../capture/tape.ts';
import { isCoalesced } from './coalesced.ts';
import { contentCodings, countHeader, DECODED_FROM, isCachedReply } from './headers.ts';
import type { Transcript } from './transcript.ts';
import type { DecodedReply, Flag } from './types.ts';

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
