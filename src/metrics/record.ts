import type { Tape } from '../capture/tape.ts';
import type { Model } from '../config/types.ts';
import type { DecodedReply, Outcome, OutcomeClass } from '../decode/types.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { CountedTokens } from '../tokens/count.ts';
import { type ChunkTokens, chunkTokens } from './chunk-tokens.ts';
import { clientLateMs } from './client-late.ts';
import { litellmFields } from './litellm.ts';
import {
  chunkGaps,
  costUsd,
  decodeTokensPerSecond,
  e2eMs,
  e2eTokensPerSecond,
  itlP50Ms,
  type TokenCounts,
  thinkingMs,
  tokenCounts,
  tokenDifference,
  tpotMs,
  ttfatMs,
  ttftFromScheduleMs,
  ttftMs,
} from './request.ts';
import type { RequestRecord } from './types.ts';

export interface RecordInput {
  planned: PlannedRequest;
  tape: Tape;
  reply: DecodedReply;
  outcome: Outcome;
  /** By the tokenizer that the config names for the model; `null` without one. */
  counted?: CountedTokens | null;
  /** Its price makes the cost. */
  model: Model;
  simulated: boolean;
  /** Whether answer, reasoning and tool calls are kept in the record. */
  keepText: boolean;
}

/**
 * The line that a finished request leaves in `requests.ndjson`; a pure function of its tape.
 * @see docs/metrics.md
 */
export function recordOf(input: RecordInput): RequestRecord {
  const { tape, reply, outcome } = input;
  const isCut = tape.cut !== undefined;
  const whole = isCut ? withoutTotals(reply) : reply;
  const counted = isCut ? null : (input.counted ?? null);
  const tokens = tokenCounts(whole, counted);
  const chunks = chunkTokens(whole, counted, tokens.reasoningUnstreamed);
  const lateMs = clientLateMs(tape, reply);
  return {
    ...identityOf(input),
    outcome: outcome.class,
    http_status: tape.status,
    error_message: outcome.message,
    finish_reason: reply.finishReason,
    protocol: tape.protocol,
    ...instantsOf(tape),
    first_event_ms: reply.firstEventMs,
    ...latenciesOf(input),
    thinking_ms: thinkingMs(reply) ?? null,
    ...speedsOf({ ...input, reply: whole }, tokens, chunks),
    prompt_tokens: tokens.prompt ?? null,
    cached_prompt_tokens: tokens.cachedPrompt ?? null,
    output_tokens: tokens.output ?? null,
    reasoning_tokens: tokens.reasoning ?? null,
    token_source: tokens.source,
    tokenizer_output_tokens: counted?.output ?? null,
    token_difference: tokenDifference(tokens, counted) ?? null,
    token_chunks: reply.tokenEvents.length,
    chunk_token_source: chunks?.source ?? 'unknown',
    cost_usd: costUsd(tokens, input.model.price) ?? null,
    flags: [...reply.flags, ...(lateMs ? ['client_late'] : []), ...(isCut ? ['cut'] : [])],
    client_late_ms: lateMs ?? null,
    ...textsOf(input),
    stale_socket_redials: tape.staleSocketRedials,
    post_done_events: reply.postDoneEvents,
    utf8_replacements: reply.utf8Replacements,
    body_bytes: tape.body.length + (tape.cut?.bytes ?? 0),
    ...litellmFields(tape.headers),
  };
}

/** Of a reply whose tape holds the beginning alone: what would count or span all of it is not known. */
function withoutTotals(reply: DecodedReply): DecodedReply {
  const { usage } = reply;
  return {
    ...reply,
    tokenEvents: [],
    usage: usage && { ...usage, completionTokens: null, reasoningTokens: null },
  };
}

function identityOf({ planned, simulated }: RecordInput) {
  return {
    request_id: planned.requestId,
    target: planned.target,
    model: planned.model,
    suite: planned.suite,
    case_id: planned.caseId,
    attempt: 1,
    repeat: planned.repeat,
    turn: planned.turn,
    phase: planned.phase,
    ...(planned.pairId !== null && { pair_id: planned.pairId }),
    ...(planned.arm !== null && { arm: planned.arm }),
    simulated,
  };
}

/** The tape's instants; the first three on the run's clock, the rest from `started`. */
function instantsOf(tape: Tape) {
  return {
    scheduled_ms: tape.startedMs + tape.scheduledMs,
    started_ms: tape.startedMs,
    ended_ms: tape.startedMs + tape.end.atMs,
    schedule_delay_ms: 0 - tape.scheduledMs,
    turn_delay_ms: tape.turnDelayMs,
    dns_ms: tape.dnsMs,
    tcp_ms: tape.tcpMs,
    connect_ms: tape.connectedMs,
    headers_ms: tape.headersMs,
  };
}

const TIMEOUTS: readonly OutcomeClass[] = [
  'connect_timeout',
  'ttft_timeout',
  'stalled',
  'total_timeout',
];

/**
 * A timeout says of each latency that had not ended: it is at least as long as the wait was. Every
 * other failure has no E2E latency, and of the rest what it came to. Where the tape was cut, what is not
 * in its beginning may have come later, unless the wait for the first token itself ran out.
 */
function latenciesOf({ tape, reply, outcome }: RecordInput) {
  const latencies = {
    ttft_ms: ttftMs(reply) ?? null,
    ttft_from_schedule_ms: ttftFromScheduleMs(reply, tape.scheduledMs) ?? null,
    ttfat_ms: ttfatMs(reply) ?? null,
    e2e_ms: outcome.class === 'ok' ? (e2eMs(reply) ?? null) : null,
  };
  const censored: (keyof typeof latencies)[] = [];
  if (TIMEOUTS.includes(outcome.class)) {
    for (const name of Object.keys(latencies) as (keyof typeof latencies)[]) {
      if (latencies[name] !== null) continue;
      if (tape.cut && name !== 'e2e_ms' && outcome.class !== 'ttft_timeout') continue;
      const sinceMs = name === 'ttft_from_schedule_ms' ? tape.scheduledMs : 0;
      latencies[name] = tape.end.atMs - sinceMs;
      censored.push(name);
    }
  }
  return { ...latencies, censored: censored as string[] };
}

/** Speeds are those of complete replies; gaps are what was seen, whatever came of the request. */
function speedsOf(
  { reply, outcome }: RecordInput,
  tokens: TokenCounts,
  chunks: ChunkTokens | undefined,
) {
  const ok = outcome.class === 'ok';
  const tpot = ok ? tpotMs(reply, tokens, chunks) : undefined;
  const gaps = chunkGaps(reply);
  return {
    tpot_ms: tpot ?? null,
    decode_tokens_per_second: decodeTokensPerSecond(tpot) ?? null,
    e2e_tokens_per_second: (ok ? e2eTokensPerSecond(tokens.output, e2eMs(reply)) : null) ?? null,
    itl_ms_p50: itlP50Ms(reply, chunks) ?? null,
    chunk_gap_ms_p50: gaps?.p50Ms ?? null,
    chunk_gap_ms_max: gaps?.maxMs ?? null,
  };
}

function textsOf({ reply, keepText }: RecordInput) {
  return {
    answer_text: keepText && reply.answerText !== '' ? reply.answerText : null,
    reasoning_text: keepText && reply.reasoningText !== '' ? reply.reasoningText : null,
    tool_calls: keepText && reply.toolCalls.length > 0 ? JSON.stringify(reply.toolCalls) : null,
  };
}
