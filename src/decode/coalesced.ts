import type { Transcript } from './transcript.ts';

/** Text within so long before the last token came at once. */
const AT_ONCE_MS = 5;
/** Fewer tokens tell nothing of a pace. */
const TOKENS_MIN = 10;
/** A shorter silence may be the client's own: a thread that was busy reads what came meanwhile at once. */
const SILENCE_MS = 25;
/** A chunk of fewer tokens may be the model's own: engines draft several at a time. */
const CHUNK_TOKENS_MIN = 10;
/** More than a token holds on the average in any language: what text without a count has at least. */
const TOKEN_BYTES_MAX = 12;

/**
 * Whether a proxy held a reply of 10 or more tokens back: at least half of its text came within 5 ms
 * before the last token, and that is no pace of the model's nor a hiccup of the client's. So either
 * nothing came before, or 25 ms of silence did, and what broke it was not one small chunk.
 * @see docs/metrics.md#coalesced
 */
export function isCoalesced(transcript: Transcript): boolean {
  const { tokenEvents, lastTokenMs } = transcript;
  const bytes = tokenEvents.reduce((sum, { textBytes }) => sum + textBytes, 0);
  const tokens = streamedTokens(transcript, bytes);
  if (lastTokenMs === null || tokens < TOKENS_MIN) return false;

  const first = tokenEvents.findIndex(({ atMs }) => atMs >= lastTokenMs - AT_ONCE_MS);
  const burst = tokenEvents.slice(first);
  const burstBytes = burst.reduce((sum, { textBytes }) => sum + textBytes, 0);
  if (burstBytes * 2 < bytes) return false;
  const before = tokenEvents[first - 1];
  if (before === undefined) return true;
  const silenceMs = (burst[0]?.atMs ?? lastTokenMs) - before.atMs;
  if (silenceMs < SILENCE_MS) return false;
  return burst.length > 1 || (tokens * burstBytes) / bytes >= CHUNK_TOKENS_MIN;
}

/** By usage less what was reasoned unseen; without usage no fewer than events, or than so many bytes. */
function streamedTokens(
  { usage, firstReasoningMs, tokenEvents }: Transcript,
  bytes: number,
): number {
  const tokens = usage?.completionTokens;
  if (tokens === undefined || tokens === null) {
    return Math.max(tokenEvents.length, Math.floor(bytes / TOKEN_BYTES_MAX));
  }
  return firstReasoningMs === null ? tokens - (usage?.reasoningTokens ?? 0) : tokens;
}
