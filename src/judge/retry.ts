import type { OutcomeClass } from '../decode/types.ts';

const FIRST_WAIT_MS = 500;
const WAIT_MAX_MS = 60_000;

/** What may go well a moment later; a refusal or a bad request will not. */
const PASSING: ReadonlySet<OutcomeClass> = new Set<OutcomeClass>([
  'dns',
  'connect',
  'connect_timeout',
  'proxy',
  'reset_pre_headers',
  'reset_mid_stream',
  'truncated',
  'h2_goaway',
  'h2_stream',
  'rate_limited',
  'server_5xx',
  'empty',
  'no_tokens',
  'stream_error',
  'malformed_json',
  'ttft_timeout',
  'stalled',
  'total_timeout',
]);

/** What no later call will mend: the key, the model or the address is wrong. */
const LASTING: ReadonlySet<OutcomeClass> = new Set<OutcomeClass>([
  'auth',
  'forbidden',
  'not_found',
  'redirect',
]);

export function mayPass(outcome: OutcomeClass): boolean {
  return PASSING.has(outcome);
}

export function willLast(outcome: OutcomeClass): boolean {
  return LASTING.has(outcome);
}

/**
 * How long to wait before a retry: what the server says in `retry-after-ms` or `retry-after` (seconds, or
 * a date), at most a minute; else half a second, doubled with each attempt, up to a half less at random.
 * @param attempt the one that failed, from 1
 * @param draw uniform in [0, 1)
 */
export function waitMsBefore(
  attempt: number,
  headers: Readonly<Record<string, string>>,
  nowMs: number,
  draw: number,
): number {
  const asked = askedWaitMs(headers, nowMs);
  const backoffMs = FIRST_WAIT_MS * 2 ** (attempt - 1) * (1 - draw / 2);
  return Math.min(asked ?? backoffMs, WAIT_MAX_MS);
}

function askedWaitMs(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const { 'retry-after-ms': inMs, 'retry-after': after } = headers;
  if (inMs !== undefined && /^\d+(\.\d+)?$/.test(inMs)) return Number(inMs);
  if (after === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(after)) return Number(after) * 1000;
  const atMs = Date.parse(after);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
