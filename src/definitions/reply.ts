import type { Tape } from '../capture/tape.ts';
import type { JsonObject } from '../json.ts';
import type { Reply } from './types.ts';

/**
 * A tape as another tool's client would have got it.
 * @param tape after `inflateTape`
 * @param parameters of the request
 * @param countTokens by the model's tokenizer, where there is one
 */
export function replyOf(
  tape: Tape,
  parameters: JsonObject,
  countTokens: Reply['countTokens'] = null,
): Reply {
  const { end } = tape;
  let offset = 0;
  return {
    status: tape.status,
    headers: tape.headers,
    reads: Array.from(tape.arrivalBytes, (bytes, read) => {
      offset += bytes;
      return {
        atMs: tape.arrivalsMs[read] ?? end.atMs,
        bytes: tape.body.subarray(offset - bytes, offset),
      };
    }),
    endMs: end.atMs,
    whole: end.how === 'complete' || (end.how === 'done' && end.code === null),
    requestedTokens: requestedTokens(parameters),
    countTokens,
  };
}

function requestedTokens({ max_completion_tokens, max_tokens }: JsonObject): number | null {
  const asked = max_completion_tokens ?? max_tokens;
  return typeof asked === 'number' ? asked : null;
}
