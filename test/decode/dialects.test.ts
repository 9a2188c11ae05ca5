import { describe, expect, test } from 'vitest';
import type { ChunkReading } from '../../src/decode/chunk.ts';
import { dialectOf } from '../../src/decode/dialect.ts';
import type { JsonValue } from '../../src/json.ts';

const NOTHING: ChunkReading = {
  content: '',
  reasoning: '',
  toolCalls: [],
  finishReason: null,
  usage: null,
  error: null,
  otherChoices: false,
};

const openai = dialectOf('openai');
const content = dialectOf('content');

/** A chunk with one choice of index 0. */
const delta = (value: JsonValue): JsonValue => ({ choices: [{ index: 0, delta: value }] });

describe('openai: text', () => {
  test.each<[string, JsonValue, Partial<ChunkReading>]>([
    ['content', delta({ content: 'a' }), { content: 'a' }],
    ['white space is content', delta({ content: '\n' }), { content: '\n' }],
    ['parts', delta({ content: [{ type: 'text', text: 'a' }, 'b'] }), { content: 'ab' }],
    [
      'a thinking part',
      delta({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'h' }] }] }),
      { reasoning: 'h' },
    ],
    ['refusal', delta({ content: null, refusal: 'no' }), { content: 'no' }],
    ['legacy completion', { choices: [{ index: 0, text: 'a' }] }, { content: 'a' }],
    ['a whole message', { choices: [{ message: { content: 'a' } }] }, { content: 'a' }],
    ['no index', { choices: [{ delta: { content: 'a' } }] }, { content: 'a' }],
    ['reasoning_content', delta({ reasoning_content: 'h' }), { reasoning: 'h' }],
    ['reasoning', delta({ reasoning: 'h' }), { reasoning: 'h' }],
    ['both the same', delta({ reasoning_content: 'h', reasoning: 'h' }), { reasoning: 'h' }],
    ['one of them null', delta({ reasoning_content: null, reasoning: 'h' }), { reasoning: 'h' }],
    ['reasoning object', delta({ reasoning: { text: 'h' } }), { reasoning: 'h' }],
    [
      'reasoning_details',
      delta({ reasoning_details: [{ type: 'reasoning.text', text: 'h' }] }),
      { reasoning: 'h' },
    ],
    [
      'reasoning_details beside the same text',
      delta({ reasoning: 'h', reasoning_details: [{ text: 'h' }] }),
      { reasoning: 'h' },
    ],
    [
      'reasoning and content in one chunk',
      delta({ reasoning_content: 'h', content: 'a' }),
      { reasoning: 'h', content: 'a' },
    ],
    [
      'finish with text',
      { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: 'stop' }] },
      { content: 'a', finishReason: 'stop' },
    ],
    [
      'tool calls',
      delta({ tool_calls: [{ index: 1, id: 'x', function: { name: 'f', arguments: '{' } }] }),
      { toolCalls: [{ index: 1, id: 'x', name: 'f', arguments: '{' }] },
    ],
    [
      'legacy function_call',
      delta({ function_call: { arguments: '{}' } }),
      { toolCalls: [{ index: 0, id: null, name: '', arguments: '{}' }] },
    ],
    [
      'several choices',
      {
        choices: [
          { index: 1, delta: { content: 'b' } },
          { index: 0, delta: { content: 'a' } },
        ],
      },
      { content: 'a', otherChoices: true },
    ],
  ])('%s', (_, json, expected) => {
    const reading = openai.read(json);
    expect(reading).toEqual({ ...NOTHING, ...expected });
    expect(openai.carriesToken(json)).toBe(true);
  });

  test.each<[string, JsonValue, Partial<ChunkReading>]>([
    ['role only', delta({ role: 'assistant' }), {}],
    ['empty content', delta({ role: 'assistant', content: '' }), {}],
    ['null content', delta({ content: null, tool_calls: null, reasoning: null }), {}],
    ['null delta', delta(null), {}],
    ['no choices', { id: 'x' }, {}],
    ['null choices', { choices: null }, {}],
    ['empty choices', { choices: [] }, {}],
    ['null choice', { choices: [null] }, {}],
    [
      'another choice only',
      { choices: [{ index: 1, delta: { content: 'b' } }] },
      { otherChoices: true },
    ],
    ['finish', { choices: [{ delta: {}, finish_reason: 'length' }] }, { finishReason: 'length' }],
    ['no object', 7, {}],
    ['null', null, {}],
    ['a list', [1], {}],
    ['content of another type', delta({ content: 7, reasoning: true, tool_calls: 'x' }), {}],
  ])('no token: %s', (_, json, expected) => {
    expect(openai.read(json)).toEqual({ ...NOTHING, ...expected });
    expect(openai.carriesToken(json)).toBe(false);
  });
});

describe('openai: usage', () => {
  const blank = {
    promptTokens: null,
    completionTokens: null,
    reasoningTokens: null,
    cachedPromptTokens: null,
  };
  const usage = {
    prompt_tokens: 5,
    completion_tokens: 9,
    completion_tokens_details: { reasoning_tokens: 4 },
    prompt_tokens_details: { cached_tokens: 3 },
  };
  const whole = { promptTokens: 5, completionTokens: 9, reasoningTokens: 4, cachedPromptTokens: 3 };

  test.each<[string, JsonValue, ChunkReading['usage']]>([
    ['with empty choices', { choices: [], usage }, whole],
    ['beside a choice', { choices: [{ delta: { content: 'a' } }], usage }, whole],
    ['in the choice', { choices: [{ delta: {}, usage }] }, whole],
    ['null', { choices: [], usage: null }, null],
    ['empty', { choices: [], usage: {} }, null],
    [
      'null details',
      { usage: { completion_tokens: 9, completion_tokens_details: null } },
      { ...blank, completionTokens: 9 },
    ],
    [
      'flat reasoning tokens',
      { usage: { completion_tokens: 0, reasoning_tokens: 381 } },
      { ...blank, completionTokens: 0, reasoningTokens: 381 },
    ],
    ['minus nothing', { usage: { completion_tokens: -0 } }, { ...blank, completionTokens: 0 }],
    ['no counts', { usage: { prompt_tokens: -1, completion_tokens: 1.5 } }, null],
  ])('%s', (_, json, expected) => {
    expect(openai.read(json).usage).toEqual(expected);
  });
});

describe('errors in a chunk', () => {
  test.each<[string, JsonValue, ChunkReading['error']]>([
    ['object', { error: { message: 'm', code: 429 } }, { message: 'm', code: 429 }],
    ['object with a type', { error: { message: 'm', type: 't' } }, { message: 'm', code: 't' }],
    ['text', { error: 'm' }, { message: 'm', code: null }],
    ['flat', { object: 'error', message: 'm', code: 400 }, { message: 'm', code: 400 }],
    ['without words', { error: {} }, { message: null, code: null }],
    [
      'beside a choice',
      { error: { message: 'm' }, choices: [{ delta: {} }] },
      { message: 'm', code: null },
    ],
    ['null is none', { error: null }, null],
    ['an empty field beside choices is none', { error: '', choices: [] }, null],
  ])('%s', (_, json, expected) => {
    expect(openai.read(json).error).toEqual(expected);
    expect(openai.carriesToken(json)).toBe(false);
  });
});

describe('content', () => {
  test.each<[string, JsonValue, Partial<ChunkReading>]>([
    ['text', { content: 'a' }, { content: 'a' }],
    ['no text', { content: '' }, {}],
    ['null', { content: null }, {}],
    ['error', { error: 'm' }, { error: { message: 'm', code: null } }],
    ['error without words', { error: '' }, { error: { message: null, code: null } }],
    ['the other dialect', delta({ content: 'a' }), {}],
    ['no object', 'x', {}],
  ])('%s', (_, json, expected) => {
    expect(content.read(json)).toEqual({ ...NOTHING, ...expected });
    expect(content.carriesToken(json)).toBe(expected.content !== undefined);
  });
});
