import { describe, expect, test } from 'vitest';
import type { Tape } from '../../src/capture/tape.ts';
import { definitionsOf } from '../../src/definitions/index.ts';
import { Raised } from '../../src/definitions/python.ts';
import { replyOf } from '../../src/definitions/reply.ts';
import type { Reading, Success } from '../../src/definitions/types.ts';
import { chunk, DONE, data, tapeOf } from '../decode/tapes.ts';

const TOOLS = [
  'vllm',
  'sglang',
  'guidellm',
  'aiperf',
  'aiperf+usage',
  'inference-perf',
  'inference-perf+usage',
  'llmperf',
  'evalscope',
  'genai-bench',
] as const;
type Tool = (typeof TOOLS)[number];

const MAX_TOKENS = 64;

/** Stands in for a tokenizer: a letter is a token. */
const letters = (text: string): number => text.length;

function read(
  tool: Tool,
  tape: Tape,
  countTokens: ((text: string) => number) | null = null,
): Reading | { kind: 'failed' } {
  const [definition] = definitionsOf([tool]);
  if (definition === undefined) throw new Error(`no ${tool}`);
  try {
    return definition.read(replyOf(tape, { max_tokens: MAX_TOKENS }, countTokens));
  } catch (error) {
    if (error instanceof Raised) return { kind: 'failed' };
    throw error;
  }
}

const role = chunk({ role: 'assistant', content: '' });
const finish = chunk({}, { finish_reason: 'stop' });
const usage = (completion_tokens: number): string =>
  data({ choices: [], usage: { prompt_tokens: 5, completion_tokens } });
const say = (content: string): string => chunk({ content });
const FIVE = { tokens: 5 };

/** Expected of one tool; what is left out is not looked at. */
interface Expected {
  kind?: 'ok' | 'failed' | 'lost';
  ttft?: number | null;
  tpot?: number | null;
  itl?: number[];
  tokens?: number | null;
  weights?: { tpot: number; itl: number };
  span?: [number | null, number | null];
  lacks?: boolean;
}

function seen(reading: Success): Required<Expected> {
  return {
    kind: 'ok',
    ttft: reading.ttftMs,
    tpot: reading.tpotMs,
    itl: [...reading.itlMs],
    tokens: reading.outputTokens,
    weights: reading.weights ?? { tpot: 1, itl: 1 },
    span: [reading.span.fromMs, reading.span.toMs],
    lacks: reading.lacksTokenizer,
  };
}

function expectReadings(
  tape: Tape,
  expected: Record<Tool, Expected>,
  countTokens: ((text: string) => number) | null = null,
): void {
  for (const tool of TOOLS) {
    const reading = read(tool, tape, countTokens);
    const actual = reading.kind === 'ok' ? seen(reading) : { kind: reading.kind };
    expect({ tool, ...actual }).toMatchObject({ tool, kind: 'ok', ...expected[tool] });
  }
}

const ok: Expected = { kind: 'ok' };
const failed: Expected = { kind: 'failed' };
const lost: Expected = { kind: 'lost' };
const all = (expected: Expected, but: Partial<Record<Tool, Expected>> = {}) =>
  Object.fromEntries(TOOLS.map((tool) => [tool, but[tool] ?? expected])) as Record<Tool, Expected>;

describe('one reply under every definition', () => {
  test('role chunk, two chunks of five tokens, finish, usage, [DONE]', () => {
    const tape = tapeOf({
      reads: [
        [100, role],
        [200, say('a')],
        [240, say(' b c d')],
        [300, finish],
        [310, usage(5)],
        [320, DONE],
      ],
      end: { atMs: 330 },
    });
    expectReadings(tape, {
      // From the role chunk to the finish_reason: 200 ms over 4 tokens; every gap is a sample.
      vllm: { ttft: 100, tpot: 50, itl: [100, 40, 60], ...FIVE, span: [0, 330] },
      // From the first text to the line of [DONE]: 120 ms over 4.
      sglang: { ttft: 200, tpot: 30, itl: [40], ...FIVE, span: [0, 330] },
      // 240 ms over 5 tokens, and 40 ms over 4.
      guidellm: {
        ttft: 200,
        tpot: 48,
        itl: [10],
        ...FIVE,
        weights: { tpot: 5, itl: 4 },
        span: [200, 240],
      },
      aiperf: { ttft: 200, tpot: null, itl: [], tokens: null, lacks: true, span: [0, 240] },
      'aiperf+usage': { ttft: 200, tpot: null, itl: [10], ...FIVE, lacks: false },
      'inference-perf': { ttft: 200, tpot: null, itl: [], ...FIVE, lacks: true, span: [0, 330] },
      'inference-perf+usage': { ttft: 200, tpot: 10, itl: [], ...FIVE },
      // 240 ms over four chunks: role, two of text, finish; it would not have asked for usage.
      llmperf: { ttft: 200, tpot: null, itl: [60], tokens: null, span: [0, 330] },
      // From the role chunk to the usage: 210 ms over 4.
      evalscope: { ttft: 100, tpot: 52.5, itl: [100, 40, 60], ...FIVE, span: [0, 310] },
      // From the first text to the usage: 110 ms over 4.
      'genai-bench': { ttft: 200, tpot: 27.5, itl: [], ...FIVE, span: [0, 330] },
    });
  });

  test('a model that reasons in a field of its own', () => {
    const tape = tapeOf({
      reads: [
        [50, role],
        [100, chunk({ reasoning_content: 'Hm' })],
        [180, chunk({ reasoning: 'so' })],
        [200, say('x')],
        [260, say('y')],
        [270, finish + usage(9) + DONE],
      ],
    });
    expectReadings(tape, {
      vllm: { ttft: 50, itl: [50, 80, 20, 60, 10], tpot: 220 / 8 },
      sglang: { ttft: 100, itl: [80, 20, 60], tpot: 170 / 8 },
      guidellm: { ttft: 100, tpot: 260 / 9, itl: [160 / 8] },
      aiperf: { ttft: 100 },
      'aiperf+usage': { ttft: 100, itl: [160 / 8] },
      'inference-perf': { ttft: 200 },
      'inference-perf+usage': { ttft: 200, tpot: 60 / 8 },
      llmperf: { ttft: 200, itl: [260 / 6] },
      evalscope: { ttft: 50, tpot: 220 / 8 },
      'genai-bench': { ttft: 100, tpot: 170 / 8 },
    });
  });

  test('a call of a tool', () => {
    const call = { index: 0, id: 'c', function: { name: 'sum', arguments: '' } };
    const tape = tapeOf({
      reads: [
        [10, chunk({ tool_calls: [call] })],
        [30, chunk({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] })],
        [40, finish],
        [50, usage(5) + DONE],
      ],
    });
    expectReadings(tape, {
      vllm: { ttft: 10, tpot: 30 / 4 },
      sglang: { ttft: 0, tpot: 50 / 4, itl: [] },
      guidellm: { ttft: 10, tpot: 30 / 5, itl: [20 / 4] },
      aiperf: { ttft: 10 },
      'aiperf+usage': { itl: [20 / 4] },
      'inference-perf': { ttft: null, tokens: 5 },
      'inference-perf+usage': { ttft: null, tpot: null },
      llmperf: { ttft: 0, itl: [0] },
      evalscope: { ttft: 10, tpot: 40 / 4 },
      // Its first token is the usage, which says that there were some.
      'genai-bench': { ttft: 50, tpot: null },
    });
  });

  test('usage in the chunk of the finish_reason', () => {
    const tape = tapeOf({
      reads: [
        [10, say('a')],
        [20, say('b')],
        [
          30,
          chunk(
            {},
            { finish_reason: 'stop' },
            { usage: { prompt_tokens: 1, completion_tokens: 3 } },
          ),
        ],
        [50, DONE],
      ],
    });
    expectReadings(tape, {
      // Beside a choice it does not look for usage.
      vllm: { ttft: 10, tokens: null, tpot: null, lacks: true },
      sglang: { tokens: 3, tpot: 40 / 2 },
      guidellm: { tokens: 3, tpot: 20 / 3, itl: [10 / 2] },
      aiperf: ok,
      'aiperf+usage': { tokens: 3, itl: [10 / 2] },
      'inference-perf': { tokens: 3 },
      'inference-perf+usage': { tpot: 10 / 2 },
      llmperf: { itl: [20 / 3] },
      evalscope: { tokens: 3, tpot: 20 / 2 },
      'genai-bench': { tokens: 3, tpot: 20 / 2 },
    });
  });

  test('a single token', () => {
    const tape = tapeOf({
      reads: [
        [10, say('a')],
        [20, finish],
        [30, usage(1)],
        [40, DONE],
      ],
    });
    expectReadings(tape, {
      vllm: { ttft: 10, tpot: null, tokens: 1, itl: [10] },
      sglang: { ttft: 10, tpot: null, itl: [] },
      guidellm: { ttft: 10, tpot: 10, itl: [0], weights: { tpot: 1, itl: 0 } },
      aiperf: { ttft: 10 },
      'aiperf+usage': { itl: [] },
      'inference-perf': { ttft: null },
      'inference-perf+usage': { ttft: null, tpot: null },
      llmperf: { itl: [10 / 2] },
      // It has a TPOT of 0, which is averaged with the others.
      evalscope: { ttft: 10, tpot: 0 },
      // What it cannot compute makes the record invalid.
      'genai-bench': lost,
    });
  });
});

describe('with the tokenizer of the model', () => {
  test('a reply without usage is counted by those who would', () => {
    const tape = tapeOf({
      reads: [
        [10, role],
        [20, chunk({ reasoning_content: 'so' })],
        [40, say('ab')],
        [70, say('cde')],
        [80, finish],
        [90, DONE],
      ],
      end: { atMs: 100 },
    });
    // Five letters of content and two of reasoning.
    expectReadings(
      tape,
      {
        // Content alone, from the role chunk to the finish: 70 ms over 4.
        vllm: { tokens: 5, tpot: 70 / 4, lacks: false },
        sglang: { tokens: MAX_TOKENS },
        guidellm: { tokens: 3 },
        // Both; from the first thought to the last content: 50 ms over 6.
        aiperf: { tokens: 7, itl: [50 / 6], lacks: false },
        'aiperf+usage': { tokens: null },
        // Content alone: 30 ms over 4, and the tokens of a chunk come at once.
        'inference-perf': { ttft: 40, tokens: 5, tpot: 30 / 4, itl: [0, 30, 0, 0], lacks: false },
        'inference-perf+usage': { ttft: 40, tokens: 5, tpot: 30 / 4, itl: [0, 30, 0, 0] },
        llmperf: { tokens: null, lacks: true },
        // Content alone, to the finish.
        evalscope: { tokens: 5, tpot: 70 / 4, lacks: false },
        // Both, from the first thought to [DONE]: 70 ms over 6.
        'genai-bench': { tokens: 7, tpot: 70 / 6, lacks: false },
      },
      letters,
    );
  });

  test('usage goes before it, but with those who do not ask for usage', () => {
    const tape = tapeOf({
      reads: [
        [10, say('abc')],
        [30, finish],
        [40, usage(9)],
        [50, DONE],
      ],
    });
    expectReadings(
      tape,
      {
        ...all({ tokens: 9 }),
        // One chunk of three tokens has a first one, and no time between them.
        'inference-perf': { ttft: 10, tokens: 9, tpot: 0, itl: [0, 0] },
        'inference-perf+usage': { ttft: 10, tokens: 9, tpot: 0 },
        aiperf: { tokens: 3, itl: [0] },
        llmperf: { tokens: null },
      },
      letters,
    );
  });

  test('genai-bench loses a reply of a single token, whoever counted it', () => {
    const tape = tapeOf({ reads: [[10, say('a') + finish + DONE]] });
    expect(read('genai-bench', tape).kind).toBe('ok');
    expect(read('genai-bench', tape, letters).kind).toBe('lost');
  });
});

describe('replies that are not whole', () => {
  test('an end without [DONE], a finish_reason or usage is a success', () => {
    const tape = tapeOf({
      reads: [
        [10, say('a')],
        [30, say('b')],
      ],
      end: { atMs: 40 },
    });
    expectReadings(tape, {
      vllm: { ttft: 10, tpot: null, tokens: null, lacks: true },
      sglang: { ttft: 10, tokens: MAX_TOKENS, tpot: 20 / (MAX_TOKENS - 1) },
      guidellm: { tokens: 2, tpot: 15, itl: [20] },
      aiperf: { ttft: 10, tokens: null },
      'aiperf+usage': { tokens: null, itl: [] },
      'inference-perf': { ttft: 10, tokens: null },
      'inference-perf+usage': { tokens: null, tpot: null },
      llmperf: { ttft: 10, itl: [15] },
      evalscope: { ttft: 10, tokens: null, tpot: null, lacks: true },
      'genai-bench': { ttft: 10, tokens: null, tpot: null, lacks: true },
    });
  });

  test('a connection that breaks in the middle is a failure', () => {
    const tape = tapeOf({
      reads: [[10, role + say('a') + say('b')]],
      end: { how: 'error', code: 'ECONNRESET', stage: 'body' },
    });
    expectReadings(tape, all(failed));
  });

  test('after [DONE] only for those who read on', () => {
    const tape = tapeOf({
      reads: [[10, say('a') + say('b') + finish + usage(2) + DONE]],
      end: { how: 'done', code: 'ECONNRESET', stage: 'body' },
    });
    expectReadings(tape, all(failed, { guidellm: ok, 'genai-bench': ok }));
  });

  test('an error in the stream', () => {
    const tape = tapeOf({
      reads: [[10, say('a') + say('b') + data({ error: { message: 'no', code: 500 } }) + DONE]],
    });
    expectReadings(tape, {
      ...all(failed),
      vllm: ok,
      sglang: ok,
      'inference-perf': ok,
      'inference-perf+usage': ok,
      evalscope: ok,
    });
  });

  test('an error whose code is a word', () => {
    const tape = tapeOf({ reads: [[10, data({ error: { message: 'no', code: 'overloaded' } })]] });
    expect(read('genai-bench', tape).kind).toBe('lost');
  });

  test('a stream without an event', () => {
    expectReadings(tapeOf({ end: { atMs: 5 } }), {
      ...all(failed),
      'inference-perf': { ttft: null, tokens: 0 },
      'inference-perf+usage': { ttft: null, tokens: 0 },
      llmperf: lost,
      evalscope: { ttft: 0, tpot: 0, tokens: 0 },
      'genai-bench': lost,
    });
  });

  test('no text, but a proper end', () => {
    const tape = tapeOf({ reads: [[10, role + finish + usage(0) + DONE]] });
    expectReadings(tape, {
      vllm: { ttft: 10, tokens: null },
      sglang: { ttft: 0, tokens: 0, tpot: null },
      guidellm: failed,
      aiperf: failed,
      'aiperf+usage': failed,
      'inference-perf': { ttft: null, tokens: 0 },
      'inference-perf+usage': { ttft: null, tokens: 0 },
      llmperf: { ttft: 0, itl: [0] },
      evalscope: { ttft: 10, tokens: 0, tpot: 0 },
      'genai-bench': lost,
    });
  });

  test.each([429, 500, 307])('status %s', (status) => {
    expectReadings(tapeOf({ status, reads: [[10, say('a')]] }), all(failed));
  });

  test('no response', () => {
    const tape = tapeOf({
      status: null,
      end: { how: 'error', code: 'ECONNREFUSED', stage: 'connect' },
    });
    expectReadings(tape, all(failed));
  });

  test('a JSON error with status 200', () => {
    const tape = tapeOf({
      headers: { 'content-type': 'application/json' },
      reads: [[10, '{"error": {"message": "no"}}']],
    });
    expectReadings(tape, {
      ...all(failed),
      // A line of JSON without a choice, and then the end: all is well.
      sglang: { ttft: 0, tokens: MAX_TOKENS },
      'inference-perf': { ttft: null },
      'inference-perf+usage': { ttft: null },
      evalscope: { ttft: null, tokens: null },
      'genai-bench': lost,
    });
  });

  test('a client that gave up', () => {
    const tape = tapeOf({
      reads: [[10, say('a') + say('b')]],
      end: { how: 'abort', code: 'stalled' },
    });
    expectReadings(tape, all(failed));
  });
});

describe('streams that are cut or written in another way', () => {
  const body = [say('a'), say('b'), finish, usage(5), DONE];
  const tapeWith = (text: string) => tapeOf({ reads: [[10, text]] });

  test('a comment', () => {
    expectReadings(
      tapeWith(`: keep-alive\n\n${body.join('')}`),
      all(ok, { sglang: failed, llmperf: failed }),
    );
  });

  test('a named event', () => {
    const named = `event: ping\ndata: {}\n\n${body.join('')}`;
    expectReadings(tapeWith(named), {
      ...all(ok),
      vllm: failed,
      sglang: failed,
      llmperf: failed,
      // It asks every chunk for its choices.
      'genai-bench': lost,
    });
  });

  test('no blank behind the colon', () => {
    expectReadings(tapeWith(body.join('').replaceAll('data: ', 'data:')), {
      ...all(ok),
      vllm: failed,
      sglang: failed,
      // It knows only this end of the stream by the blank.
      guidellm: failed,
      'inference-perf': { ttft: null },
      'inference-perf+usage': { ttft: null },
      llmperf: failed,
    });
  });

  test('CRLF, an event to a read', () => {
    const reads = body.map((event, i) => [10 * (i + 1), event.replaceAll('\n', '\r\n')] as const);
    expectReadings(tapeOf({ reads }), {
      ...all({ ttft: 10 }),
      // Without a bare blank line it sees no event at all.
      'inference-perf': { ttft: null },
      'inference-perf+usage': { ttft: null },
    });
  });

  test('CRLF, all in one read', () => {
    const crlf = body.join('').replaceAll('\n', '\r\n');
    const reading = read('vllm', tapeWith(crlf));
    expect(reading.kind).toBe('failed');
    expect(read('evalscope', tapeWith(crlf)).kind).toBe('ok');
  });

  test('U+2028 inside a text ends a line for some', () => {
    expectReadings(
      tapeWith(
        `data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"a\u2028b"}}]}\n\n${body.join('')}`,
      ),
      all(ok, { guidellm: failed, evalscope: failed }),
    );
  });

  test('bytes that are not UTF-8', () => {
    const [before = '', after = ''] = say('?').split('?');
    const bytes = Buffer.concat([
      Buffer.from(before),
      Buffer.from([0xff]),
      Buffer.from(after + body.join('')),
    ]);
    expectReadings(tapeOf({ reads: [[10, bytes]] }), {
      ...all(failed),
      guidellm: ok,
      aiperf: ok,
      'aiperf+usage': ok,
      evalscope: ok,
      'genai-bench': lost,
    });
  });

  test('JSON that is broken', () => {
    expectReadings(tapeWith(`data: {"choices": [\n\n${body.join('')}`), {
      ...all(failed),
      aiperf: ok,
      'aiperf+usage': ok,
      'inference-perf': ok,
      'inference-perf+usage': ok,
      'genai-bench': lost,
    });
  });

  test('an event whose ends come later than its JSON: each stamps another read', () => {
    const first = say('a').trimEnd();
    const tape = tapeOf({
      reads: [
        [10, first],
        [20, '\n'],
        [30, '\n'],
        [40, say('b') + finish + usage(5) + DONE],
      ],
    });
    expectReadings(tape, {
      vllm: { ttft: 10 },
      sglang: { ttft: 20 },
      guidellm: { ttft: 20 },
      aiperf: { ttft: 30 },
      'aiperf+usage': { ttft: 30 },
      'inference-perf': { ttft: 30 },
      'inference-perf+usage': { ttft: 30 },
      llmperf: { ttft: 20 },
      evalscope: { ttft: 10 },
      'genai-bench': { ttft: 20 },
    });
  });
});
