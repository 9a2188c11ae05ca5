import type { DecodedReply } from '../decode/types.ts';
import type { CountedTokens } from '../tokens/count.ts';

/** How many tokens each token-bearing event brought, and who says so. */
export interface ChunkTokens {
  source: 'usage' | 'tokenizer';
  /** One per event; 0 where an event brought a part of a token only. */
  perChunk: number[];
}

/**
 * Tokens of each chunk: by the server where it counts along in every one (vLLM's and SGLang's
 * `continuous_usage_stats`), else by the tokenizer that counted the reply.
 * @param reasoningUnstreamed tokens that the server's first count holds, though nothing showed them
 * @returns `undefined` where neither tells: then gaps are gaps between chunks, and no more
 * @see docs/metrics.md#itl
 */
export function chunkTokens(
  reply: DecodedReply,
  counted: CountedTokens | null,
  reasoningUnstreamed: number,
): ChunkTokens | undefined {
  const byUsage = usageOfChunks(reply, reasoningUnstreamed);
  if (byUsage !== null) return { source: 'usage', perChunk: byUsage };
  const byTokenizer = counted?.perEvent ?? null;
  return byTokenizer === null || byTokenizer.length === 0
    ? undefined
    : { source: 'tokenizer', perChunk: byTokenizer };
}

/** A server that does not count on with every chunk does not say what each held. */
function usageOfChunks(
  { tokenEvents }: DecodedReply,
  reasoningUnstreamed: number,
): number[] | null {
  const perChunk: number[] = [];
  let before: number | null = null;
  for (const { completionTokens } of tokenEvents) {
    if (completionTokens === null) return null;
    const first: boolean = before === null;
    const tokens: number = completionTokens - (before ?? reasoningUnstreamed);
    if (tokens <= 0 && !first) return null;
    perChunk.push(Math.max(0, tokens));
    before = completionTokens;
  }
  return perChunk.length > 0 ? perChunk : null;
}
