import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../../src/decode/outcome.ts';
import { decodeTape } from '../../src/decode/reply.ts';
import type { OutcomeClass } from '../../src/decode/types.ts';
import { recordOf } from '../../src/metrics/record.ts';
import { chunk, DONE, data, tapeOf } from '../decode/tapes.ts';
import { aModel, aPlannedRequest } from './fixtures.ts';

test('from bytes and their instants to a record', () => {
  const usage = {
    prompt_tokens: 12,
    completion_tokens: 9,
    completion_tokens_details: { reasoning_tokens: 4 },
  };
  const tape = tapeOf({
    startedMs: 1000,
    scheduledMs: -10,
    reads: [
      [40, chunk({ role: 'assistant', content: '' })],
      [100, chunk({ reasoning_content: 'Hm' })],
      [200, chunk({ reasoning_content: ', six.' })],
      [400, chunk({ content: 'For' })],
      [500, chunk({ content: 'ty-two' }, { finish_reason: 'stop' })],
      [520, data({ choices: [], usage }) + DONE],
    ],
    end: { how: 'done', atMs: 520 },
  });
  const reply = decodeTape(tape, 'openai');
  const record = recordOf({
    planned: aPlannedRequest(),
    tape,
    reply,
    outcome: outcomeOf(tape, reply),
    model: aModel({ price: { input_per_mtok: 1, output_per_mtok: 2 } }),
    simulated: false,
    keepText: true,
  });
  expect(record).toMatchObject({
    outcome: 'ok',
    first_event_ms: 40,
    ttft_ms: 100,
    ttft_from_schedule_ms: 110,
    ttfat_ms: 400,
    thinking_ms: 300,
    e2e_ms: 500,
    ended_ms: 1520,
    tpot_ms: 50,
    decode_tokens_per_second: 20,
    e2e_tokens_per_second: 18,
    chunk_gap_ms_p50: 100,
    chunk_gap_ms_max: 200,
    output_tokens: 9,
    reasoning_tokens: 4,
    answer_text: 'Forty-two',
    reasoning_text: 'Hm, six.',
    flags: [],
  });
  expect(record.cost_usd).toBeCloseTo(30e-6, 15);
});

describe('a reply of which the beginning alone was kept', () => {
  const counting = { usage: { prompt_tokens: 12, completion_tokens: 2 } };
  const recordOfCut = (
    outcome: OutcomeClass,
    deltas: object[],
    cut?: { bytes: number; reads: number },
  ) => {
    const tape = tapeOf({
      scheduledMs: -10,
      reads: deltas.map((delta, index) => [100 * (index + 1), chunk(delta, {}, counting)] as const),
      end: { how: 'abort', code: outcome, atMs: 9000 },
      ...(cut && { cut }),
    });
    const reply = decodeTape(tape, 'openai');
    return recordOf({
      planned: aPlannedRequest(),
      tape,
      reply,
      outcome: outcomeOf(tape, reply),
      counted: { output: 2, reasoning: null, perEvent: deltas.map(() => 1) },
      model: aModel({ price: { input_per_mtok: 1, output_per_mtok: 2 } }),
      simulated: false,
      keepText: true,
    });
  };
  const CUT = { bytes: 1000, reads: 10 };
  const THOUGHTS = [{ reasoning_content: 'Hm' }, { reasoning_content: ', six.' }];

  test('has no figure that rests on all of it', () => {
    expect(recordOfCut('stalled', THOUGHTS)).toMatchObject({
      ...{ output_tokens: 2, tokenizer_output_tokens: 2, chunk_token_source: 'tokenizer' },
      ...{ chunk_gap_ms_max: 100, itl_ms_p50: 100, cost_usd: 16e-6, flags: [] },
      ...{ ttft_ms: 100, ttfat_ms: 9000, e2e_ms: 9000, censored: ['ttfat_ms', 'e2e_ms'] },
    });
    expect(recordOfCut('stalled', THOUGHTS, CUT)).toMatchObject({
      outcome: 'stalled',
      ...{ prompt_tokens: 12, output_tokens: null, token_source: 'unknown', cost_usd: null },
      ...{ tokenizer_output_tokens: null, token_difference: null, chunk_token_source: 'unknown' },
      ...{ chunk_gap_ms_p50: null, chunk_gap_ms_max: null, itl_ms_p50: null },
      ...{ token_chunks: 2, reasoning_text: 'Hm, six.', flags: ['cut'] },
    });
  });

  test('an answer that is not in it may have come later', () => {
    expect(recordOfCut('total_timeout', THOUGHTS, CUT)).toMatchObject({
      ...{ ttft_ms: 100, ttfat_ms: null, e2e_ms: 9000, censored: ['e2e_ms'] },
    });
  });

  test('a first token that was waited for in vain did not', () => {
    expect(recordOfCut('ttft_timeout', [{ role: 'assistant' }], CUT).censored).toEqual([
      'ttft_ms',
      'ttft_from_schedule_ms',
      'ttfat_ms',
      'e2e_ms',
    ]);
  });
});
