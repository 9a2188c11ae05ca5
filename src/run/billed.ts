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
