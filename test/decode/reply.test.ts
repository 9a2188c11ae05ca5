import { describe, expect, test } from 'vitest';
import { decodeTape } from '../../src/decode/reply.ts';
import { chunk, DONE, data, type TapeParts, tapeOf } from './tapes.ts';

const decode = (reads: NonNullable<TapeParts['reads']>, parts: TapeParts = {}) =>
  decodeTape(tapeOf({ reads, ...parts }), 'openai');

const say = (content: string) => chunk({ content });
const finish = chunk({}, { finish_reason: 'stop' });
const usage = (completion_tokens: number, more: object = {}) =>
  data({ choices: [], usage: { prompt_tokens: 3, completion_tokens, ...more } });

describe('instants', () => {
  test('an event comes with the read that completes it', () => {
    const event = say('hello');
    const reply = decode([
      [10, chunk({ role: 'assistant', content: '' })],
      [20, event.slice(0, 30)],
      [30, event.slice(30, -1)],
      [40, `\n${say(' there')}`],
      [50, finish + DONE],
    ]);
    expect(reply).toMatchObject({
      firstEventMs: 10,
      firstTokenMs: 40,
      firstAnswerMs: 40,
      firstReasoningMs: null,
      lastTokenMs: 40,
      answerText: 'hello there',
      finishReason: 'stop',
      terminal: 'done',
      events: 5,
      flags: [],
    });
    expect(reply.tokenEvents.map(({ atMs, textBytes }) => [atMs, textBytes])).toEqual([
      [40, 5],
      [40, 6],
    ]);
  });

  test('comments are not events, pings are no tokens', () => {
    const ping = 'event: ping\ndata: not json\n\n';
    const reply = decode([
      [1, ': keep-alive\n\n'],
      [2, ping],
      [3, 'event: ping\n\n'],
      [4, say('a') + DONE],
    ]);
    expect(reply).toMatchObject({ firstEventMs: 2, firstTokenMs: 4, events: 3, malformed: null });
  });

  test('reasoning in its own field', () => {
    const reply = decode([
      [1, chunk({ reasoning_content: 'hm' })],
      [2, chunk({ reasoning_content: ' so' })],
      [3, say('yes') + DONE],
    ]);
    expect(reply).toMatchObject({
      firstReasoningMs: 1,
      firstTokenMs: 1,
      firstAnswerMs: 3,
      reasoningText: 'hm so',
      answerText: 'yes',
    });
    expect(reply.tokenEvents.map((event) => event.kind)).toEqual([
      'reasoning',
      'reasoning',
      'content',
    ]);
  });

  test('reasoning between torn tags; the white space after them is no answer', () => {
    const reply = decode([
      [1, say('<thi')],
      [2, say('nk>')],
      [3, say('\nhm')],
      [4, say('</think>')],
      [5, say('\n\n')],
      [6, say('yes') + DONE],
    ]);
    expect(reply).toMatchObject({
      firstTokenMs: 1,
      firstReasoningMs: 3,
      firstAnswerMs: 6,
      reasoningText: 'hm',
      answerText: 'yes',
    });
    expect(reply.tokenEvents.filter((event) => event.kind === 'content')).toHaveLength(1);
  });

  test('a closing tag alone settles what came before it', () => {
    const reply = decode([
      [1, say('hm')],
      [2, say(' so</think>yes')],
      [3, say('!') + DONE],
    ]);
    expect(reply).toMatchObject({ firstReasoningMs: 1, firstAnswerMs: 2, answerText: 'yes!' });
  });

  test('tool calls are tokens, put together by index', () => {
    const call = (delta: object) => chunk({ tool_calls: [delta] });
    const reply = decode([
      [1, call({ index: 0, id: 'a', function: { name: 'f', arguments: '' } })],
      [2, call({ index: 0, function: { arguments: '{"x":' } })],
      [3, call({ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } })],
      [4, call({ index: 0, function: { arguments: '1}' } })],
      [5, chunk({}, { finish_reason: 'tool_calls' }) + DONE],
    ]);
    expect(reply.toolCalls).toEqual([
      { index: 0, id: 'a', name: 'f', arguments: '{"x":1}' },
      { index: 1, id: 'b', name: 'g', arguments: '{}' },
    ]);
    expect(reply).toMatchObject({ firstTokenMs: 1, firstAnswerMs: null, lastTokenMs: 4 });
    expect(reply.tokenEvents.every((event) => event.kind === 'tool_call')).toBe(true);
  });

  test('tool calls without numbers go by id, pieces without either to the latest', () => {
    const call = (delta: object) => chunk({ tool_calls: [delta] });
    const reply = decode([
      [1, call({ id: 'a', function: { name: 'f', arguments: '{' } })],
      [2, call({ function: { arguments: '}' } })],
      [3, call({ id: 'b', function: { name: 'f', arguments: '[]' } })],
    ]);
    expect(reply.toolCalls.map((each) => [each.id, each.arguments])).toEqual([
      ['a', '{}'],
      ['b', '[]'],
    ]);
  });
});

describe('the end', () => {
  test.each<[string, string, object]>([
    ['[DONE]', say('a') + DONE, { terminal: 'done', postDoneEvents: 0 }],
    ['without the space', `${say('a')}data:[DONE]\n\n`, { terminal: 'done' }],
    [
      'without its blank line',
      `${say('a')}data: [DONE]\n`,
      { terminal: 'lenient_done', flags: ['lenient_done'] },
    ],
    ['without its line end', `${say('a')}data: [DONE]`, { terminal: 'lenient_done' }],
    ['only a finish_reason', say('a') + finish, { terminal: 'finish_reason' }],
    ['neither', say('a'), { terminal: null }],
    [
      'events after it',
      say('a') + DONE + DONE + say('b'),
      { postDoneEvents: 2, answerText: 'a', events: 2 },
    ],
    ['an error after it', say('a') + DONE + data({ error: 'x' }), { streamError: null }],
    [
      'a fake one',
      `${say('a')}data: [DONE] x\n\n${DONE}`,
      { malformed: '[DONE] x', terminal: 'done' },
    ],
    [
      'a fake one, torn',
      `${say('a')}data: [DONE] x`,
      { terminal: null, torn: '[DONE] x', malformed: null },
    ],
    ['one of another type', `event: ping\n${DONE}`, { terminal: null, malformed: null }],
    ['a torn one of another type', 'event: ping\ndata: [DONE]', { terminal: null }],
    ['a torn chunk', say('a') + say('b').slice(0, -2), { answerText: 'a', malformed: null }],
  ])('%s', (_, body, expected) => {
    expect(decode([[1, body]])).toMatchObject(expected);
  });

  test('after a malformed event decoding goes on', () => {
    const reply = decode([[1, `${say('a')}data: {"x\n\ndata: <b>\n\n${say('b')}${DONE}`]]);
    expect(reply).toMatchObject({ malformed: '{"x', answerText: 'ab', terminal: 'done' });
  });

  test('an event with empty data is a keep-alive', () => {
    expect(decode([[1, `data:\n\n${say('a')}${DONE}`]]).malformed).toBeNull();
  });
});

describe('errors in the stream', () => {
  test.each<[string, string, string]>([
    ['object', data({ error: { message: 'overloaded', code: 503 } }), 'overloaded'],
    ['text', data({ error: 'overloaded' }), 'overloaded'],
    ['flat', data({ object: 'error', message: 'overloaded' }), 'overloaded'],
    ['event: error', `event: error\n${data({ message: 'overloaded' })}`, 'overloaded'],
    ['event: error with text', 'event: error\ndata: overloaded\n\n', 'overloaded'],
    ['event: error with quoted text', 'event: error\ndata: "overloaded"\n\n', 'overloaded'],
    ['event: error with null', 'event: error\ndata: null\n\n', 'null'],
    ['without words', data({ error: { id: 1 } }), '{"error":{"id":1}}'],
  ])('%s', (_, event, message) => {
    const reply = decode([[1, say('a') + event + data({ error: 'later' }) + DONE]]);
    expect(reply.streamError?.message).toBe(message);
    expect(reply).toMatchObject({ answerText: 'a', terminal: 'done', malformed: null });
  });

  test('a marketplace wrapper', () => {
    const tape = tapeOf({ reads: [[1, data({ content: 'a' }) + data({ error: 'gone' }) + DONE]] });
    const reply = decodeTape(tape, 'content');
    expect(reply).toMatchObject({ answerText: 'a', streamError: { message: 'gone', code: null } });
  });
});

describe('usage', () => {
  test('the last one counts; on a chunk with text it is the count so far', () => {
    const counted = (content: string, completion_tokens: number) =>
      chunk({ content }, {}, { usage: { completion_tokens } });
    const reply = decode([[1, counted('a', 2) + counted('b', 5) + say('c') + usage(8) + DONE]]);
    expect(reply.usage).toEqual({
      promptTokens: 3,
      completionTokens: 8,
      reasoningTokens: null,
      cachedPromptTokens: null,
    });
    expect(reply.tokenEvents.map((event) => event.completionTokens)).toEqual([2, 5, null]);
  });

  test('counts so far are dropped with usage that contradicts itself, or that count nothing', () => {
    const counted = (completion_tokens: number) =>
      chunk({ content: 'a' }, {}, { usage: { completion_tokens } });
    const countsOf = (body: string) =>
      decode([[1, body]]).tokenEvents.map((event) => event.completionTokens);
    expect(countsOf(counted(2) + usage(0))).toEqual([null]);
    expect(countsOf(counted(0) + counted(1))).toEqual([null, 1]);
  });

  test.each<[string, string, boolean]>([
    ['none beside text', say('a') + usage(0), true],
    ['none without text', usage(0), false],
    ['fewer than reasoned', say('a') + usage(5, { reasoning_tokens: 6 }), true],
    ['all reasoned', say('a') + usage(5, { reasoning_tokens: 5 }), false],
    ['mended by a later one', say('a') + usage(0) + usage(4), false],
  ])('%s', (_, body, inconsistent) => {
    const reply = decode([[1, body + DONE]]);
    expect(reply.flags.includes('usage_inconsistent')).toBe(inconsistent);
    if (inconsistent) {
      expect(reply.usage).toMatchObject({
        promptTokens: 3,
        completionTokens: null,
        reasoningTokens: null,
      });
    }
  });
});

describe('flags', () => {
  test.each<[string, string, TapeParts, string[]]>([
    ['text after the finish', say('a') + finish + say('b') + DONE, {}, ['text_after_finish']],
    ['text in the finish chunk', chunk({ content: 'a' }, { finish_reason: 'stop' }) + DONE, {}, []],
    [
      'several choices',
      data({ choices: [{ index: 1, delta: {} }] }) + say('a') + DONE,
      {},
      ['several_choices'],
    ],
    [
      'a reset after [DONE]',
      say('a') + DONE,
      { end: { how: 'done', code: 'ECONNRESET' } },
      ['unclean_close'],
    ],
    ['a clean close after [DONE]', say('a') + DONE, { end: { how: 'done' } }, []],
    ['a reset without [DONE]', say('a'), { end: { how: 'error', code: 'ECONNRESET' } }, []],
  ])('%s', (_, body, parts, flags) => {
    expect(decode([[1, body]], parts).flags).toEqual(flags);
  });

  test.each([
    ['x-litellm-attempted-retries', '1', ['retried_by_proxy']],
    ['x-litellm-attempted-retries', '0', []],
    ['x-litellm-attempted-fallbacks', '2', ['fallback_by_proxy']],
    ['x-litellm-cache-key', 'ab12', ['cached_reply']],
    ['content-encoding', 'gzip', ['compressed']],
    ['content-encoding', 'identity', []],
  ])('%s: %s', (name, value, flags) => {
    const headers = { 'content-type': 'text/event-stream', [name]: value };
    expect(decode([[1, DONE]], { headers }).flags).toEqual(flags);
  });

  test('a cache key beside headers of an upstream is no hit', () => {
    const headers = {
      'content-type': 'text/event-stream',
      'x-litellm-cache-key': 'ab12',
      'llm_provider-content-type': 'text/event-stream',
    };
    expect(decode([[1, DONE]], { headers }).flags).toEqual([]);
  });

  const paced = (count: number, everyMs: number): [number, string][] =>
    Array.from({ length: count }, (_, i) => [i * everyMs, say('word ')]);

  test.each<[string, [number, string][], boolean]>([
    ['all in one read', [[1, say('word ').repeat(12)]], true],
    ['ten in 5 ms', paced(10, 0.5), true],
    ['nine at once', [[1, say('word ').repeat(9)]], false],
    ['paced', paced(40, 20), false],
    ['most of it at the end', [...paced(10, 20), [300, say('word ').repeat(10)]], true],
    ['less than half at the end', [...paced(11, 20), [300, say('word ').repeat(10)]], false],
    ['half at once after 24 ms', [...paced(10, 4), [60, say('word ').repeat(10)]], false],
    ['half at once after 25 ms', [...paced(10, 4), [61, say('word ').repeat(10)]], true],
    [
      'all but the first token',
      [
        [1, say('word ')],
        [90, say('word ').repeat(30)],
      ],
      true,
    ],
    [
      'drafts of six tokens',
      [
        [1, say('a'.repeat(24))],
        [60, say('a'.repeat(24)) + usage(12)],
      ],
      false,
    ],
    [
      'a late chunk of many',
      [
        [1, say('a'.repeat(24))],
        [60, say('a'.repeat(80)) + usage(30)],
      ],
      true,
    ],
    ['one long event without usage', [[1, say('x'.repeat(120))]], true],
    ['one short event without usage', [[1, say('x'.repeat(119))]], false],
    ['few events of many tokens', [[1, say('a') + usage(12)]], true],
    [
      'few tokens left of many reasoned unseen',
      [[1, say('a') + usage(12, { reasoning_tokens: 9 })]],
      false,
    ],
  ])('coalesced: %s', (_, reads, coalesced) => {
    expect(decode(reads).flags.includes('coalesced')).toBe(coalesced);
  });
});

describe('what is no event stream gives an empty reply', () => {
  test.each<[string, TapeParts]>([
    ['an error status', { status: 500 }],
    ['another type', { headers: { 'content-type': 'application/json' } }],
    ['no type', { headers: {} }],
    ['no response', { status: null }],
  ])('%s', (_, parts) => {
    expect(decode([[1, say('a') + DONE]], parts)).toMatchObject({
      events: 0,
      terminal: null,
      tokenEvents: [],
      answerText: '',
      flags: [],
    });
  });

  test('but a type with parameters, in capitals, is one', () => {
    const headers = { 'content-type': 'Text/Event-Stream; charset=utf-8' };
    expect(decode([[1, say('a') + DONE]], { headers }).answerText).toBe('a');
  });
});

test('replaced characters are counted', () => {
  const torn = Buffer.from(say('é')).filter((byte) => byte !== 0xa9);
  expect(
    decode([
      [1, torn],
      [2, DONE],
    ]),
  ).toMatchObject({ utf8Replacements: 1, answerText: '\ufffd' });
});
