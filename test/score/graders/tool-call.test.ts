import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/json.ts';
import { toolCall } from '../../../src/score/graders/tool-call.ts';
import { jsonEqual } from '../../../src/score/json/equal.ts';
import { LIMITS, replied } from '../replies.ts';

type Called = [name: string, given: string];

function grade(
  called: Called[],
  value: JsonValue,
  more: JsonObject = {},
  finishReason = 'tool_calls',
) {
  const toolCalls = called.map(([name, given], index) => ({
    ...{ index, id: `call_${index}`, name, arguments: given },
  }));
  return toolCall(
    replied('', { toolCalls, finishReason }),
    { type: 'tool-call', value, ...more },
    LIMITS,
  );
}

const LIGHT = { name: 'set_light', arguments: { room: 'bedroom', level: 30 } };
const PAUSE = { name: 'pause' };

describe('tool-call', () => {
  test.each<[string, Called[], JsonValue, string]>([
    ['as expected', [['set_light', '{"room":"bedroom","level":30}']], LIGHT, 'right'],
    ['keys in another order', [['set_light', '{"level":30, "room":"bedroom"}']], LIGHT, 'right'],
    ['numbers by value', [['set_light', '{"level":3.0e1, "room":"bedroom"}']], LIGHT, 'right'],
    ['a text for a number', [['set_light', '{"level":"30", "room":"bedroom"}']], LIGHT, 'wrong'],
    ['another value', [['set_light', '{"level":70, "room":"bedroom"}']], LIGHT, 'wrong'],
    ['an argument missing', [['set_light', '{"level":30}']], LIGHT, 'wrong'],
    ['an argument besides', [['set_light', '{"level":30,"room":"bedroom","x":1}']], LIGHT, 'wrong'],
    ['another tool', [['set_heating', '{"room":"bedroom","level":30}']], LIGHT, 'wrong'],
    ['no call', [], LIGHT, 'wrong'],
    ['broken arguments', [['set_light', '{"level":30']], LIGHT, 'wrong'],
    [
      'another call besides',
      [
        ['set_light', '{"room":"bedroom","level":30}'],
        ['pause', '{}'],
      ],
      LIGHT,
      'wrong',
    ],
    [
      'the same call twice',
      [
        ['pause', ''],
        ['pause', ''],
      ],
      PAUSE,
      'wrong',
    ],
    ['any arguments', [['pause', '{"now":true}']], PAUSE, 'right'],
    ['no arguments at all', [['pause', '']], { name: 'pause', arguments: {} }, 'right'],
    [
      'two in order',
      [
        ['a', '{}'],
        ['b', '{"x":1}'],
      ],
      [{ name: 'a' }, { name: 'b', arguments: { x: 1 } }],
      'right',
    ],
    [
      'two in the other order',
      [
        ['b', '{}'],
        ['a', '{}'],
      ],
      [{ name: 'a' }, { name: 'b' }],
      'wrong',
    ],
    ['one of two', [['a', '{}']], [{ name: 'a' }, { name: 'b' }], 'wrong'],
    [
      'composed and decomposed letters',
      [['note', '{"text":"no\u0323\u0302p"}']],
      { name: 'note', arguments: { text: 'n\u1ed9p' } },
      'right',
    ],
    [
      'fits a schema',
      [['f', '{"n": 3}']],
      { name: 'f', schema: { properties: { n: { maximum: 5 } }, required: ['n'] } },
      'right',
    ],
    [
      'does not fit a schema',
      [['f', '{"n": 8}']],
      { name: 'f', schema: { properties: { n: { maximum: 5 } } } },
      'wrong',
    ],
  ])('%s', (_, called, value, mark) => {
    expect(grade(called, value).mark).toBe(mark);
  });

  test('in any order where the suite says so, each call for one expectation', () => {
    const expected = [
      { name: 'a', arguments: { x: 1 } },
      { name: 'a', arguments: { x: 2 } },
    ];
    const any = { any_order: true };
    const lights: Called[] = [
      ['set_light', '{"room":"bedroom","level":30}'],
      ['set_light', '{"room":"hall"}'],
    ];
    expect(grade(lights, [{ name: 'set_light' }, LIGHT], any).mark).toBe('right');
    expect(
      grade(
        [
          ['a', '{"x":2}'],
          ['a', '{"x":1}'],
        ],
        expected,
        any,
      ).mark,
    ).toBe('right');
    expect(
      grade(
        [
          ['a', '{"x":2}'],
          ['a', '{"x":2}'],
        ],
        expected,
        any,
      ).mark,
    ).toBe('wrong');
    expect(
      grade(
        [
          ['a', '{"x":2}'],
          ['a', '{"x":1}'],
        ],
        expected,
      ).mark,
    ).toBe('wrong');
  });

  test('follows the index of the calls, not the order in which they arrived', () => {
    const toolCalls = [
      { index: 1, id: null, name: 'b', arguments: '{}' },
      { index: 0, id: null, name: 'a', arguments: '{}' },
    ];
    const value = [{ name: 'a' }, { name: 'b' }];
    expect(toolCall(replied('', { toolCalls }), { type: 'tool-call', value }, LIMITS).mark).toBe(
      'right',
    );
  });

  test('a call written as text is none', () => {
    const text = '{"name": "set_light", "arguments": {"room": "bedroom", "level": 30}}';
    expect(toolCall(replied(text), { type: 'tool-call', value: LIGHT }, LIMITS)).toEqual({
      mark: 'wrong',
      score: 0,
      answer: null,
      reason: 'no tool was called',
    });
  });

  test('cut off: ungraded within a call or before one, wrong where the tool is another', () => {
    expect(grade([['set_light', '{"room":"bed']], LIGHT, {}, 'length').mark).toBe('ungraded');
    expect(grade([], LIGHT, {}, 'length').mark).toBe('ungraded');
    expect(grade([['pause', '{}']], LIGHT, {}, 'length').mark).toBe('wrong');
  });

  test('says which call is at fault', () => {
    const value = [{ name: 'a' }, { name: 'b', arguments: { x: 1 } }];
    expect(
      grade(
        [
          ['a', '{}'],
          ['b', '{"x":2}'],
        ],
        value,
      ).reason,
    ).toBe('call 2: the arguments of b are not {"x":1}');
    expect(
      grade(
        [
          ['a', '{}'],
          ['b', '{"x":1}'],
          ['c', ''],
        ],
        value,
      ).reason,
    ).toBe('calls c besides');
  });
});

describe('jsonEqual', () => {
  test('any value equals itself written anew, with its keys the other way round', () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, each]) => [key, turned(each)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const again = JSON.parse(JSON.stringify(turned(value))) as JsonValue;
        expect(jsonEqual(value as JsonValue, again)).toBe(true);
        expect(jsonEqual([value as JsonValue], again)).toBe(false);
      }),
    );
  });

  test.each<[JsonValue, JsonValue]>([
    [1, '1'],
    [0, false],
    [null, 0],
    [null, {}],
    [[], {}],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: 1 }, { b: 1 }],
    ['a', 'A'],
    [{ length: 0 }, []],
  ])('%j is not %j', (a, b) => {
    expect(jsonEqual(a, b)).toBe(false);
    expect(jsonEqual(b, a)).toBe(false);
  });
});
