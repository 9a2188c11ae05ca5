import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonIn, wholeJson } from '../../../src/score/json/find.ts';
import { jsonSpans } from '../../../src/score/json/scan.ts';

describe('jsonIn', () => {
  test.each<[string, string, unknown[]]>([
    ['bare', '{"a": 1}', [{ a: 1 }]],
    ['blanks around', '\n  [1, 2]\n\n', [[1, 2]]],
    ['a byte order mark', '\ufeff{"a": 1}', [{ a: 1 }]],
    ['a number by itself', '42', [42]],
    ['a text by itself', '"so"', ['so']],
    ['a fenced scalar', '```json\n42\n```', [42]],
    ['a fence', '```json\n{"a": 1}\n```', [{ a: 1 }]],
    ['a fence without a name', '```\n{"a": 1}\n```', [{ a: 1 }]],
    ['prose before', 'Here it is: {"a": 1}', [{ a: 1 }]],
    ['prose after', '{"a": 1} Hope this helps!', [{ a: 1 }]],
    ['prose and a fence', 'Sure.\n```json\n{"a": 1}\n```\nDone.', [{ a: 1 }]],
    ['several', '{"a": 1} or rather {"a": 2}', [{ a: 1 }, { a: 2 }]],
    ['nested ones are part of the outer', '{"a": {"b": [1]}}', [{ a: { b: [1] } }]],
    ['brackets in texts', '{"a": "}{]["} x', [{ a: '}{][' }]],
    ['escapes', String.raw`say {"a": "\"}\u00e9\n"}`, [{ a: '"}é\n' }]],
    ['a fence within a text', '{"code": "```js\\nx\\n```"} end', [{ code: '```js\nx\n```' }]],
    ['braces of prose', 'The set {1, 2} and {x} and f(x){ }: {"a": 1}', [{}, { a: 1 }]],
    ['a trailing comma', 'x {"a": [1, 2,],}', [{ a: [1, 2] }]],
    ['comments', 'x {"a": 1, // one\n /* two */ "b": 2}', [{ a: 1, b: 2 }]],
    ['a comma before a comment', 'x [1, // last\n]', [[1]]],
    ['a slash in a text', 'x ["http://a/*b*/"]', [['http://a/*b*/']]],
    ['an outer one that breaks off', 'x [[1, 2], {"a": 3}, oops', [[1, 2], { a: 3 }]],
    ['a broken one before', 'x {"a": 1 {"b": 2}', [{ b: 2 }]],
    ['quotes that do not pair', 'he said {"a {"b": 1}', [{ b: 1 }]],
    ['a key twice', 'x {"a": 1, "a": 2}', [{ a: 2 }]],
    ['big and small numbers', 'x [1e3, -0.5, 1e300]', [[1000, -0.5, 1e300]]],
    ['Japanese and Vietnamese', '答え: {"色": "青"} và ["đỏ"]', [{ 色: '青' }, ['đỏ']]],
    ['single quotes', "x {'a': 1}", []],
    ['no quotes', 'x {a: 1}', []],
    ['Python values', 'x {"a": True}', []],
    ['leading zeros', 'x [01]', []],
    ['two commas', 'x [1,,2]', []],
    ['a comma by itself', 'x [,]', []],
    ['a line break in a text', 'x ["a\nb"]', []],
    ['a bad escape', String.raw`x ["\x41"]`, []],
    ['cut off', 'x {"a": [1, 2', []],
    ['nothing', 'no JSON here', []],
    ['an empty text', '', []],
  ])('finds: %s', (_, text, values) => {
    expect(jsonIn(text)).toEqual(values);
  });

  test('gives back any value from any prose around it', () => {
    const prose = fc.stringMatching(/^[a-z .,:!?\n]*$/);
    const container = fc.oneof(
      fc.array(fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
    );
    fc.assert(
      fc.property(prose, container, prose, (before, value, after) => {
        const json = JSON.stringify(value);
        const expected = JSON.parse(json) as unknown;
        expect(jsonIn(`${before}${json}${after}`)).toEqual([expected]);
        const pretty = JSON.stringify(value, null, 2);
        expect(jsonIn(`${before}\n\`\`\`json\n${pretty}\n\`\`\`\n${after}`)).toEqual([expected]);
      }),
    );
  });

  test('never fails, whatever the text, and what it takes is JSON', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        ':',
        ',',
        '\\',
        '/',
        '*',
        '//',
        '1',
        'a',
        ' ',
        '\n',
        'null',
        '"k":',
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        expect(() => jsonIn(text)).not.toThrow();
        for (const { start, end, extras } of jsonSpans(text)) {
          if (extras.length === 0) expect(() => JSON.parse(text.slice(start, end))).not.toThrow();
        }
      }),
      { numRuns: 3000 },
    );
  });

  /** Every start tried by itself, with the engine's own parser: slow, and another way to the same. */
  function bySearch(text: string): [number, number][] {
    const found: [number, number][] = [];
    for (let start = 0; start < text.length; start++) {
      if (text[start] !== '{' && text[start] !== '[') continue;
      for (let end = text.length; end > start; end--) {
        if (text[end - 1] !== '}' && text[end - 1] !== ']') continue;
        try {
          JSON.parse(text.slice(start, end));
        } catch {
          continue;
        }
        found.push([start, end]);
        start = end - 1;
        break;
      }
    }
    return found;
  }

  test('finds what trying every place finds, where no quotation marks mislead', () => {
    const pieces = fc.array(
      fc.constantFrom('{', '}', '[', ']', '"a"', '"k":', ',', '1', 'x', ' ', 'null'),
      { maxLength: 24 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = `x ${parts.join('')}`;
        const strict = jsonSpans(text).filter(({ extras }) => extras.length === 0);
        if (strict.length !== jsonSpans(text).length) return; // trailing commas: another question
        expect(strict.map(({ start, end }) => [start, end])).toEqual(bySearch(text));
      }),
      { numRuns: 3000 },
    );
  });

  test('takes a value 200 deep, and none 2000 deep', () => {
    const nested = (depth: number) => `x ${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(jsonIn(nested(200))).toHaveLength(1);
    expect(JSON.stringify(jsonIn(nested(2000))).length).toBeLessThan(1000);
  });
});

describe('200,000 characters of', () => {
  const LENGTH = 200_000;
  const full = (piece: string) => `x${piece.repeat(Math.ceil(LENGTH / piece.length))}`;
  test.each([
    '{',
    '[',
    '[[{',
    '{"',
    '["',
    '{"a":',
    '{"a":[',
    '[1,',
    '[]',
    '[[],',
    '{"a":{"b":"',
    '["\\"[',
    '"[',
    '[/*',
    '[//',
    '[1,]',
    '//\n[',
    '{"a":1,',
    '```json\n[',
    '["[",',
    ' ',
    '\n',
    '[ ',
    '{"a"',
  ])('%j are read in time', (piece) => {
    expect(Array.isArray(jsonSpans(full(piece)))).toBe(true);
  });
});

describe('wholeJson', () => {
  test.each<[string, string]>([
    ['prose before', 'Here: {"a": 1}'],
    ['prose after', '{"a": 1}.'],
    ['two values', '{"a": 1}{"b": 2}'],
    ['a trailing comma', '{"a": 1,}'],
    ['a comment', '{"a": 1 // one\n}'],
    ['a fence that is not closed', '```json\n{"a": 1}'],
    ['prose in front of a fence', 'So:\n```json\n{"a": 1}\n```'],
    ['nothing', ''],
    ['two fences', '```json\n{}\n```\n```json\n{}\n```'],
  ])('refuses %s', (_, text) => {
    expect(wholeJson(text)).toBeUndefined();
  });

  test('keeps null apart from nothing', () => {
    expect(wholeJson(' null ')).toEqual({ value: null });
  });
});
