import type { Tape } from '../../src/capture/tape.ts';
import type { Model, Slo } from '../../src/config/types.ts';
import type { DecodedReply, TokenEvent } from '../../src/decode/types.ts';
import type { RowEvidence } from '../../src/metrics/evidence.ts';
import { Summariser } from '../../src/metrics/summary.ts';
import type { PlannedRow, RequestRecord, SummaryRow } from '../../src/metrics/types.ts';
import type { PlannedRequest } from '../../src/plan/types.ts';
import { createRandom } from '../../src/random.ts';
import type { Grade } from '../../src/score/types.ts';

/** An ok request's record: 10 tokens, the first after 100 ms, one each 10 ms. */
export function aRecord(changes: Partial<RequestRecord> = {}): RequestRecord {
  return {
    request_id: 'r1',
    target: 'market',
    model: 'DeepSeek-R1',
    suite: 'reasoning',
    case_id: 'c1',
    attempt: 1,
    repeat: 0,
    turn: 0,
    phase: 'measure',
    simulated: false,
    outcome: 'ok',
    http_status: 200,
    error_message: null,
    finish_reason: 'stop',
    protocol: 'http/1.1',
    scheduled_ms: 0,
    started_ms: 0,
    ended_ms: 200,
    schedule_delay_ms: 0,
    turn_delay_ms: null,
    dns_ms: null,
    tcp_ms: null,
    connect_ms: 0,
    headers_ms: 50,
    first_event_ms: 90,
    ttft_ms: 100,
    ttft_from_schedule_ms: 100,
    ttfat_ms: 100,
    thinking_ms: null,
    e2e_ms: 190,
    censored: [],
    tpot_ms: 10,
    decode_tokens_per_second: 100,
    e2e_tokens_per_second: 10 / 0.19,
    prompt_tokens: 20,
    cached_prompt_tokens: null,
    output_tokens: 10,
    reasoning_tokens: null,
    token_source: 'usage',
    tokenizer_output_tokens: null,
    token_difference: null,
    token_chunks: 10,
    chunk_token_source: 'unknown',
    itl_ms_p50: null,
    chunk_gap_ms_p50: 10,
    chunk_gap_ms_max: 10,
    cost_usd: null,
    flags: [],
    client_late_ms: 0,
    answer_text: 'Forty-two.',
    reasoning_text: null,
    tool_calls: null,
    stale_socket_redials: 0,
    post_done_events: 0,
    utf8_replacements: 0,
    body_bytes: 1000,
    litellm_call_id: null,
    litellm_model_id: null,
    litellm_attempted_retries: null,
    litellm_attempted_fallbacks: null,
    litellm_overhead_ms: null,
    ...changes,
  };
}

/** A failed request's record: nothing came. */
export function aFailure(changes: Partial<RequestRecord> = {}): RequestRecord {
  return aRecord({
    outcome: 'server_5xx',
    http_status: 503,
    error_message: 'overloaded',
    finish_reason: null,
    first_event_ms: null,
    ttft_ms: null,
    ttft_from_schedule_ms: null,
    ttfat_ms: null,
    e2e_ms: null,
    tpot_ms: null,
    decode_tokens_per_second: null,
    e2e_tokens_per_second: null,
    prompt_tokens: null,
    output_tokens: null,
    token_source: 'unknown',
    token_chunks: 0,
    chunk_gap_ms_p50: null,
    chunk_gap_ms_max: null,
    answer_text: null,
    ...changes,
  });
}

/** Every latency is only known to be at least `ms`. */
export function aTimeout(ms: number, changes: Partial<RequestRecord> = {}): RequestRecord {
  return aFailure({
    outcome: 'ttft_timeout',
    http_status: 200,
    error_message: `no token within ${ms} ms`,
    ttft_ms: ms,
    ttft_from_schedule_ms: ms,
    ttfat_ms: ms,
    e2e_ms: ms,
    ended_ms: ms,
    censored: ['ttft_ms', 'ttft_from_schedule_ms', 'ttfat_ms', 'e2e_ms'],
    ...changes,
  });
}

export function aPlannedRow(changes: Partial<PlannedRow> = {}): PlannedRow {
  const model = changes.model ?? 'DeepSeek-R1';
  return {
    target: 'market',
    model,
    label: model,
    suite: 'reasoning',
    planned: 0,
    skipped_reason: null,
    not_subscribed: false,
    ...changes,
  };
}

/** Seeded log-normal latencies of one model, one request after another. */
export function recordsOf(
  model: string,
  count: number,
  typical: { ttftMs: number; tpotMs: number; tokens: number },
  changes: Partial<RequestRecord> = {},
): RequestRecord[] {
  const random = createRandom(`${model}/${changes.suite ?? ''}`);
  const spread = () => Math.exp(0.2 * random.normal());
  let clockMs = 0;
  return Array.from({ length: count }, (_, index) => {
    const ttftMs = typical.ttftMs * spread();
    const tpotMs = typical.tpotMs * spread();
    const tokens = Math.round(typical.tokens * spread());
    const e2eMs = ttftMs + tpotMs * (tokens - 1);
    const startedMs = clockMs;
    clockMs += e2eMs;
    return aRecord({
      request_id: `${model}-${index}`,
      model,
      case_id: `case-${index}`,
      started_ms: startedMs,
      scheduled_ms: startedMs,
      ended_ms: startedMs + e2eMs,
      ttft_ms: ttftMs,
      ttft_from_schedule_ms: ttftMs,
      ttfat_ms: ttftMs,
      e2e_ms: e2eMs,
      tpot_ms: tpotMs,
      decode_tokens_per_second: 1000 / tpotMs,
      e2e_tokens_per_second: (1000 * tokens) / e2eMs,
      output_tokens: tokens,
      ...changes,
    });
  });
}

/** The summary row of these records alone. */
export function rowOf(records: RequestRecord[], plan: Partial<PlannedRow> = {}): SummaryRow {
  return evidenceOf(records, plan).row;
}

/** The same with its samples. */
export function evidenceOf(
  records: RequestRecord[],
  plan: Partial<PlannedRow> = {},
  slo: Slo = {},
): RowEvidence {
  const first = records[0];
  const { target, model, suite } = { ...aPlannedRow(), ...first };
  const row = aPlannedRow({ target, model, suite, planned: records.length, ...plan });
  const summariser = new Summariser(slo);
  for (const record of records) summariser.add(record);
  return summariser.evidence([row])[0] as RowEvidence;
}

/** The grade of the one turn of a case; its score follows from its mark unless it is given. */
export function aGrade(changes: Partial<Grade> = {}): Grade {
  const { grade = 'right' } = changes;
  return {
    request_id: 'r1',
    target: 'market',
    model: 'DeepSeek-R1',
    suite: 'reasoning',
    case_id: 'c1',
    repeat: 0,
    turn: 0,
    graded_turns: 1,
    grade,
    score: grade === 'ungraded' ? null : Number(grade === 'right'),
    answer: '42',
    expected: '42',
    reason: grade === 'right' ? null : 'no number in the answer',
    graders: [],
    ...changes,
  };
}

/** What a grade has in common with the record of its reply. */
export function gradeKeyOf({ request_id, target, model, suite, case_id, repeat }: RequestRecord) {
  return { request_id, target, model, suite, case_id, repeat };
}

/** A reply of content tokens at these instants; `completionTokens` where given. */
export function aReply(
  instantsMs: number[],
  changes: Partial<DecodedReply> = {},
  cumulative: number[] = [],
): DecodedReply {
  const first = instantsMs[0] ?? null;
  const tokenEvents = instantsMs.map(
    (atMs, index): TokenEvent => ({
      atMs,
      kind: 'content',
      textBytes: 4,
      completionTokens: cumulative[index] ?? null,
    }),
  );
  return {
    firstEventMs: first,
    firstReasoningMs: null,
    firstTokenMs: first,
    firstAnswerMs: first,
    lastTokenMs: instantsMs.at(-1) ?? null,
    tokenEvents,
    strands: [],
    answerText: 'word '.repeat(instantsMs.length),
    reasoningText: '',
    toolCalls: [],
    finishReason: 'stop',
    usage: null,
    terminal: 'done',
    streamError: null,
    malformed: null,
    events: instantsMs.length,
    postDoneEvents: 0,
    utf8Replacements: 0,
    flags: [],
    ...changes,
  };
}

export function usageOf(completionTokens: number | null, reasoningTokens: number | null = null) {
  return { promptTokens: 20, completionTokens, reasoningTokens, cachedPromptTokens: null };
}

export function aTape(changes: Partial<Tape> = {}): Tape {
  return {
    requestId: 'r1',
    originNs: '1000000000',
    scheduledMs: 0,
    startedMs: 5000,
    turnDelayMs: null,
    dnsMs: 1,
    tcpMs: 3,
    connectedMs: 8,
    headersMs: 50,
    end: { atMs: 300, how: 'done', code: null, stage: null, message: null },
    status: 200,
    headers: {},
    protocol: 'http/1.1',
    staleSocketRedials: 0,
    arrivalsMs: new Float64Array(),
    arrivalBytes: new Uint32Array(),
    body: new Uint8Array(),
    ...changes,
  };
}

export function aPlannedRequest(changes: Partial<PlannedRequest> = {}): PlannedRequest {
  return {
    requestId: 'r1',
    target: 'market',
    model: 'DeepSeek-R1',
    suite: 'reasoning',
    caseId: 'c1',
    phase: 'measure',
    repeat: 2,
    conversationId: 'c1',
    turn: 0,
    turnCount: 1,
    pairId: null,
    arm: null,
    scheduledMs: null,
    messages: [{ role: 'user', content: 'Hello' }],
    nonce: null,
    parameters: {},
    expect: [],
    reference: null,
    gradedTurns: 0,
    costUpperUsd: null,
    outputTokensUpper: null,
    ...changes,
  };
}

export function aModel(changes: Partial<Model> = {}): Model {
  return {
    name: 'DeepSeek-R1',
    label: 'DeepSeek-R1',
    price: null,
    tags: [],
    parameters: {},
    ...changes,
  };
}
