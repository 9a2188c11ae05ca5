import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutOf, recordsIn } from '../../src/suite/dataset.ts';

/** Good records and faults, each in their order. */
function parseDataset(...input: Parameters<typeof recordsIn>) {
  const found = [...recordsIn(...input)];
  return {
    records: found.flatMap((each) => ('fields' in each ? each : [])),
    faults: found.flatMap((each) => ('message' in each ? each : [])),
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);

test.each([
  ['a.jsonl', 'jsonl'],
  ['a.NDJSON', 'jsonl'],
  ['dir/b.csv', 'csv'],
  ['c.json', 'json'],
  ['c.jsonl.gz', 'jsonl'],
  ['c.json.GZ', 'json'],
  ['c.gz', undefined],
  ['b.txt', undefined],
])('the layout of %s is %s', (path, layout) => {
  expect(layoutOf(path)).toBe(layout);
});

describe('JSONL', () => {
  const records = (text: string) => parseDataset(bytes(text), 'jsonl').records;

  test.each([
    ['LF', '{"a":1}\n{"a":2}\n'],
    ['CRLF', '{"a":1}\r\n{"a":2}\r\n'],
    ['a BOM', '\u{feff}{"a":1}\n{"a":2}'],
  ])('with %s', (_, text) => {
    expect(records(text)).toEqual([
      { line: 1, fields: { a: 1 } },
      { line: 2, fields: { a: 2 } },
    ]);
  });

  test('skips blank lines and still counts them', () => {
    expect(records('\n{"a":1}\n\n  \n{"a":2}').map(({ line }) => line)).toEqual([2, 5]);
  });

  test('does not take U+2028 in a string for the end of a line', () => {
    expect(records('{"a":"x\u2028y"}\n{"a":2}')).toHaveLength(2);
  });

  test('names the line of each fault and keeps the good records', () => {
    const { records: good, faults } = parseDataset(bytes('{"a":1}\n{a}\n[1]\n{"a":2}'), 'jsonl');
    expect(good.map(({ line }) => line)).toEqual([1, 4]);
    expect(faults.map(({ line }) => line)).toEqual([2, 3]);
    expect(faults[0]?.message).toMatch(/^is not JSON: /);
    expect(faults[1]?.message).toBe('is not a JSON object');
  });

  test('names the line that is not UTF-8', () => {
    const broken = new Uint8Array([...bytes('{"a":"é"}\n{"a":"'), 0xff, ...bytes('"}\n')]);
    expect(parseDataset(broken, 'jsonl')).toEqual({
      records: [],
      faults: [{ line: 2, message: 'is not UTF-8' }],
    });
  });
});

describe('CSV', () => {
  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('keeps quoted line breaks, commas and quotes, with %s', (_, eol) => {
    const text = ['id,prompt', '1,"a, ""b""', 'c"', '', '2,d'].join(eol);
    expect(parseDataset(bytes(`\u{feff}${text}`), 'csv')).toEqual({
      records: [
        { line: 2, fields: { id: '1', prompt: 'a, "b"\nc' } },
        { line: 5, fields: { id: '2', prompt: 'd' } },
      ],
      faults: [],
    });
  });

  test('names the line of a record with too few or too many columns', () => {
    const { records, faults } = parseDataset(bytes('a,b\n1,2\n3\n"x\ny",4\n5,6,7\n'), 'csv');
    expect(records.map(({ line }) => line)).toEqual([2, 4]);
    expect(faults).toEqual([
      { line: 3, message: 'has 1 columns where the header has 2' },
      { line: 6, message: 'has 3 columns where the header has 2' },
    ]);
  });

  test('refuses a column named twice and a quote that is never closed', () => {
    expect(parseDataset(bytes('a,a\n1,2\n'), 'csv').faults[0]).toEqual({
      line: 1,
      message: 'names the column a twice',
    });
    expect(parseDataset(bytes('a,b\n1,"x\n'), 'csv').faults[0]?.message).toMatch(
      /Quote Not Closed/,
    );
  });

  test('reads back whatever is quoted by the rules', () => {
    const cell = fc.string({ minLength: 1 }).filter((text) => !text.includes('\r'));
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const text = ['a,b', ...rows.map((row) => row.map(quoted).join(','))].join('\n');
        const { records } = parseDataset(bytes(text), 'csv');
        expect(records.map(({ fields }) => [fields.a, fields.b])).toEqual(rows);
        let line = 2;
        for (const [index, row] of rows.entries()) {
          expect(records[index]?.line).toBe(line);
          line += 1 + row.join('').split('\n').length - 1;
        }
      }),
    );
  });
});

describe('a JSON list', () => {
  const parsed = (text: string) => parseDataset(bytes(text), 'json');

  test('has the line that each record starts on', () => {
    const text = '\u{feff}\n[\n  {"a": "x\\"],[{"},\n\n  {"a":\n 2}, {"a": [[1], {}]}\n]\n';
    expect(parsed(text)).toEqual({
      records: [
        { line: 3, fields: { a: 'x"],[{' } },
        { line: 5, fields: { a: 2 } },
        { line: 6, fields: { a: [[1], {}] } },
      ],
      faults: [],
    });
  });

  test('names what is no record, and reads on', () => {
    const { records, faults } = parsed('[{"a":1},\n7,\n{"a":oops},\n{"a":2}]');
    expect(records.map(({ line }) => line)).toEqual([1, 4]);
    expect(faults.map(({ line, message }) => [line, message.slice(0, 15)])).toEqual([
      [2, 'is not a JSON o'],
      [3, 'is not JSON: Un'],
    ]);
  });

  test('that is cut off is a fault', () => {
    expect(parsed('[{"a":1},\n{"a":').faults).toMatchObject([
      { line: 2, message: expect.stringContaining('is not JSON') },
      { line: 2, message: 'ends before its list does' },
    ]);
    expect(parsed('[{"a":1}').faults).toHaveLength(1);
  });

  test('in name only is read line by line', () => {
    expect(parsed('{"a":1}\n{"a":2}\n').records).toHaveLength(2);
  });

  test('names the line that is not UTF-8', () => {
    const bad = Uint8Array.of(...bytes('[\n{"a":"'), 0xff, ...bytes('"},\n{"a":1}]'));
    const { records, faults } = parseDataset(bad, 'json');
    expect(records).toHaveLength(1);
    expect(faults).toEqual([{ line: 2, message: 'is not UTF-8' }]);
  });

  test('is read as JSON.parse reads it, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
        fc.nat(3),
        (list, indent) => {
          const text = JSON.stringify(list, null, indent);
          const { records, faults } = parsed(text);
          expect(faults).toEqual([]);
          expect(records.map(({ fields }) => fields)).toEqual(JSON.parse(text));
        },
      ),
    );
  });
});

test('CSV without a head line has the columns that are given to it', () => {
  const { records, faults } = parseDataset(bytes('1,2\n3,4\n5\n'), 'csv', () => ['a', 'b']);
  expect(records).toEqual([
    { line: 1, fields: { a: '1', b: '2' } },
    { line: 2, fields: { a: '3', b: '4' } },
  ]);
  expect(faults).toEqual([{ line: 3, message: 'has 1 columns where 2 are due' }]);
});
