import { describe, expect, test } from 'vitest';
import type { OutcomeClass } from '../../src/decode/types.ts';
import { type RecordInput, recordOf } from '../../src/metrics/record.ts';
import { aModel, aPlannedRequest, aRecord, aReply, aTape, usageOf } from './fixtures.ts';

function inputOf(changes: Partial<RecordInput> = {}): RecordInput {
  return {
    planned: aPlannedRequest(),
    tape: aTape({ scheduledMs: -25 }),
    reply: aReply([100, 200, 300], { usage: usageOf(21) }),
    outcome: { class: 'ok', message: null },
    model: aModel(),
    simulated: false,
    keepText: true,
    ...changes,
  };
}

function timeoutOf(outcome: OutcomeClass, instantsMs: number[]) {
  const end = { atMs: 900, how: 'abort', code: outcome, stage: null, message: null } as const;
  return recordOf(
    inputOf({
      tape: aTape({ scheduledMs: -25, end }),
      reply: aReply(instantsMs, { terminal: null }),
      outcome: { class: outcome, message: 'too long' },
    }),
  );
}

test('an ok request', () => {
  expect(recordOf(inputOf())).toMatchObject({
    request_id: 'r1',
    case_id: 'c1',
    attempt: 1,
    repeat: 2,
    outcome: 'ok',
    error_message: null,
    scheduled_ms: 4975,
    started_ms: 5000,
    ended_ms: 5300,
    schedule_delay_ms: 25,
    connect_ms: 8,
    ttft_ms: 100,
    ttft_from_schedule_ms: 125,
    ttfat_ms: 100,
    thinking_ms: null,
    e2e_ms: 300,
    censored: [],
    tpot_ms: 10,
    decode_tokens_per_second: 100,
    e2e_tokens_per_second: 70,
    output_tokens: 21,
    token_source: 'usage',
    token_chunks: 3,
    chunk_gap_ms_p50: 100,
    cost_usd: null,
    answer_text: 'word word word ',
    reasoning_text: null,
    tool_calls: null,
  });
});

test('every field of a record is there, and is a value that JSON keeps', () => {
  const record = recordOf(inputOf({ tape: aTape() }));
  expect(Object.keys(record).sort()).toEqual(Object.keys(aRecord()).sort());
  expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  // A request on time is 0 late, not -0.
  expect(Object.is(record.schedule_delay_ms, 0)).toBe(true);
});

test('a failed request keeps its TTFT and has neither E2E nor speed', () => {
  const message = 'connection reset';
  const record = recordOf(inputOf({ outcome: { class: 'reset_mid_stream', message } }));
  expect(record).toMatchObject({
    error_message: message,
    ttft_ms: 100,
    e2e_ms: null,
    tpot_ms: null,
    decode_tokens_per_second: null,
    e2e_tokens_per_second: null,
    censored: [],
    output_tokens: 21,
  });
});

describe('a timeout is a lower bound', () => {
  const all = ['ttft_ms', 'ttft_from_schedule_ms', 'ttfat_ms', 'e2e_ms'];

  test.each(['connect_timeout', 'ttft_timeout', 'stalled', 'total_timeout'] as const)(
    '%s before any token: of every latency',
    (outcome) => {
      expect(timeoutOf(outcome, [])).toMatchObject({
        ttft_ms: 900,
        ttft_from_schedule_ms: 925,
        ttfat_ms: 900,
        e2e_ms: 900,
        tpot_ms: null,
        censored: all,
      });
    },
  );

  test.each(['stalled', 'total_timeout'] as const)(
    '%s after the answer began: of E2E',
    (outcome) => {
      expect(timeoutOf(outcome, [100, 200])).toMatchObject({
        ttft_ms: 100,
        ttfat_ms: 100,
        e2e_ms: 900,
        censored: ['e2e_ms'],
      });
    },
  );

  test('a limit of size or a cancellation says nothing of time', () => {
    for (const outcome of ['limit_exceeded', 'cancelled'] as const) {
      expect(timeoutOf(outcome, [])).toMatchObject({ ttft_ms: null, e2e_ms: null, censored: [] });
    }
  });
});

test('flags are those of the reply', () => {
  const flags = ['coalesced', 'retried_by_proxy'] as const;
  expect(recordOf(inputOf({ reply: aReply([1], { flags: [...flags] }) })).flags).toEqual(flags);
});

test('texts can be left out', () => {
  const toolCalls = [{ index: 0, id: 'a', name: 'add', arguments: '{}' }];
  const reply = aReply([1], { reasoningText: 'Hm.', toolCalls });
  expect(recordOf(inputOf({ reply }))).toMatchObject({
    reasoning_text: 'Hm.',
    tool_calls: '[{"index":0,"id":"a","name":"add","arguments":"{}"}]',
  });
  expect(recordOf(inputOf({ reply, keepText: false }))).toMatchObject({
    answer_text: null,
    reasoning_text: null,
    tool_calls: null,
  });
});

test('cost by the price of the model', () => {
  const model = aModel({ price: { input_per_mtok: 1, output_per_mtok: 2 } });
  expect(recordOf(inputOf({ model })).cost_usd).toBeCloseTo(62e-6, 12);
});

test('what a LiteLLM proxy says of itself', () => {
  const headers = {
    'x-litellm-call-id': 'abc',
    'x-litellm-model-id': 'm7',
    'x-litellm-attempted-retries': '2',
    'x-litellm-attempted-fallbacks': '0',
    'x-litellm-overhead-duration-ms': '3.25',
  };
  expect(recordOf(inputOf({ tape: aTape({ headers }) }))).toMatchObject({
    litellm_call_id: 'abc',
    litellm_model_id: 'm7',
    litellm_attempted_retries: 2,
    litellm_attempted_fallbacks: 0,
    litellm_overhead_ms: 3.25,
  });
  const odd = { 'x-litellm-attempted-retries': 'None', 'x-litellm-overhead-duration-ms': '' };
  expect(recordOf(inputOf({ tape: aTape({ headers: odd }) }))).toMatchObject({
    litellm_attempted_retries: null,
    litellm_overhead_ms: null,
    litellm_call_id: null,
  });
});
