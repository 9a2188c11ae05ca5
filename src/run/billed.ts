import type { RequestRecord } from '../metrics/types.ts';
import type { PlannedRequest } from '../plan/types.ts';

/**
 * What a request is taken to have cost, where a limit has to be kept: what failed in the middle may still
 * be billed, and is by its upper estimate; what was never answered is not.
 */
export function billedUsd(
  { cost_usd, http_status }: Pick<RequestRecord, 'cost_usd' | 'http_status'>,
  { costUpperUsd }: Pick<PlannedRequest, 'costUpperUsd'>,
): number {
  return cost_usd ?? (http_status === 200 ? costUpperUsd : null) ?? 0;
}

/** Its output tokens likewise; of a reply whose tape was cut, by its upper estimate. */
export function billedTokens(
  {
    output_tokens,
    token_chunks,
    flags,
  }: Pick<RequestRecord, 'output_tokens' | 'token_chunks' | 'flags'>,
  { outputTokensUpper }: Pick<PlannedRequest, 'outputTokensUpper'>,
): number {
  return (
    output_tokens ?? (flags.includes('cut') ? Math.max(outputTokensUpper ?? 0, token_chunks) : 0)
  );
}
