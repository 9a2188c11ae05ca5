import { expect, test } from 'vitest';
import { outcomeOf } from '../../src/decode/outcome.ts';
import { decodeTape } from '../../src/decode/reply.ts';
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
