import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json.ts';
import { containsJson, isJson } from '../../../src/score/graders/json.ts';
import { LIMITS, replied } from '../replies.ts';

const ORDER: JsonObject = {
  type: 'object',
  required: ['size', 'count'],
  properties: { size: { const: 'large' }, count: { type: 'integer', minimum: 1 } },
};

const grade = (
  grader: typeof isJson,
  text: string,
  value?: JsonObject,
  finishReason = 'stop',
  limits = LIMITS,
) =>
  grader(
    replied(text, { finishReason }),
    { type: 'json', ...(value === undefined ? {} : { value }) },
    limits,
  );

describe('is-json', () => {
  test.each<[string, string, JsonObject | undefined, string]>([
    ['any document', '[1, 2]', undefined, 'right'],
    ['a number', '3', undefined, 'right'],
    ['in a fence', '```json\n{"size": "large", "count": 2}\n```', ORDER, 'right'],
    ['fits', '{"size": "large", "count": 2}', ORDER, 'right'],
    ['1.0 is an integer', '{"size": "large", "count": 1.0}', ORDER, 'right'],
    ['more than asked', '{"size": "large", "count": 2, "x": null}', ORDER, 'right'],
    ['another value', '{"size": "small", "count": 2}', ORDER, 'wrong'],
    ['a text for a number', '{"size": "large", "count": "2"}', ORDER, 'wrong'],
    ['a field missing', '{"size": "large"}', ORDER, 'wrong'],
    ['prose before', 'Here: {"size": "large", "count": 2}', ORDER, 'wrong'],
    ['a trailing comma', '{"size": "large", "count": 2,}', ORDER, 'wrong'],
    ['prose', 'A large one.', undefined, 'wrong'],
    ['nothing', '', undefined, 'wrong'],
  ])('%s', (_, text, schema, mark) => {
    expect(grade(isJson, text, schema).mark).toBe(mark);
  });

  test('says what is wrong, and what the answer was', () => {
    expect(grade(isJson, '{"size": "small", "count": 2}', ORDER)).toEqual({
      mark: 'wrong',
      score: 0,
      answer: '{"size":"small","count":2}',
      reason: '/size must be "large"',
    });
    expect(grade(isJson, 'no').reason).toBe('the answer is no JSON document');
  });

  test('is ungraded where the reply was cut off, but for what is there', () => {
    expect(grade(isJson, '{"size": "lar', ORDER, 'length').mark).toBe('ungraded');
    expect(grade(isJson, '{"size": "large", "count": 2}', ORDER, 'length').mark).toBe('right');
  });
});

describe('contains-json', () => {
  test.each<[string, string, string]>([
    ['bare', '{"size": "large", "count": 2}', 'right'],
    ['in prose', 'The order is {"size": "large", "count": 2}, thanks.', 'right'],
    [
      'any of several',
      '{"size": "small", "count": 1} no: {"size": "large", "count": 1} []',
      'right',
    ],
    ['a trailing comma', 'So: {"size": "large", "count": 2,}', 'right'],
    ['a comment', '```json\n{"size": "large", // big\n"count": 2}\n```', 'right'],
    ['only within another', '{"order": {"size": "large", "count": 2}}', 'wrong'],
    ['none fits', '{"size": "small", "count": 2} {"size": "large"}', 'wrong'],
    ['no JSON', 'a large one, two of them', 'wrong'],
  ])('%s', (_, text, mark) => {
    expect(grade(containsJson, text, ORDER).mark).toBe(mark);
  });

  test("tells the last one's fault", () => {
    const { reason } = grade(
      containsJson,
      '{"size": "small"} {"size": "large", "count": 0}',
      ORDER,
    );
    expect(reason).toBe('/count must be >= 1');
  });

  test('a pattern that never ends is broken off, and nobody can say', () => {
    const evil = { properties: { a: { pattern: '^(x+)+$' } } };
    const text = `{"a": "${'x'.repeat(60)}!"}`;
    const { mark, reason } = grade(containsJson, text, evil, 'stop', { regexMs: 50 });
    expect([mark, reason]).toEqual(['ungraded', 'the patterns of the schema took too long']);
  });

  test('a schema whose patterns ran out of time three times is not tried again', () => {
    const evil = { properties: { a: { pattern: '^(y+)+$' } } };
    const text = `{"a": "${'y'.repeat(60)}!"}`;
    for (let time = 0; time < 3; time++) grade(containsJson, text, evil, 'stop', { regexMs: 20 });
    const { mark } = grade(containsJson, '{"a": "y"}', evil, 'stop', { regexMs: 20 });
    expect(mark).toBe('ungraded');
  });

  test('a schema of a stored run that does not compile is nothing to grade by', () => {
    expect(grade(containsJson, '{"a": 1}', { tpye: 'object' })).toMatchObject({
      mark: 'ungraded',
      reason: 'is no JSON Schema: unknown keyword: "tpye"',
    });
  });

  test('an honest pattern is no trouble', () => {
    const schema = { properties: { a: { pattern: '^青' } }, required: ['a'] };
    expect(grade(containsJson, '{"a": "青い"}', schema).mark).toBe('right');
    expect(grade(containsJson, '{"a": "赤い"}', schema).mark).toBe('wrong');
  });

  test.each<[string, JsonObject, string, string]>([
    ['tuples of draft-07', { items: [{ const: 1 }, { const: 2 }] }, '[1, 2]', '[2, 1]'],
    ['tuples of 2020-12', { prefixItems: [{ const: 1 }, { const: 2 }] }, '[1, 2]', '[2, 1]'],
    [
      'a draft named',
      { $schema: 'https://json-schema.org/draft/2020-12/schema', dependentRequired: { a: ['b'] } },
      '{"a": 1, "b": 1}',
      '{"a": 1}',
    ],
    [
      'references within',
      { $defs: { n: { type: 'number' } }, additionalProperties: { $ref: '#/$defs/n' } },
      '{"a": 1}',
      '{"a": "1"}',
    ],
    ['an id used twice', { $id: 'https://x.example/s', type: 'array' }, '[]', '{}'],
    ['an id used twice, again', { $id: 'https://x.example/s', type: 'object' }, '{}', '[]'],
    ['a whole value', { const: [23, 29] }, '[23, 29]', '[29, 23]'],
    ['formats are not checked', { type: 'string', format: 'date' }, '"x"', '1'],
  ])('%s', (_, schema, fits, other) => {
    expect(grade(containsJson, fits, schema).mark).toBe('right');
    expect(grade(containsJson, other, schema).mark).toBe('wrong');
  });
});
