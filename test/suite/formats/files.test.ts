import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSuite } from '../../../src/suite/load.ts';
import { RECORDS } from './records.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tokentape-formats-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function write(name: string, text: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

function suiteOf(data: string): string {
  return write('suite.yaml', `description: d\ndata:\n  - ${data}\n`);
}

function load(nameOrPath: string, seed = 's', dataCases?: number) {
  return loadSuite(nameOrPath, [dir], seed, { dataCases });
}

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    question: `What is ${index} + 1?`,
    answer: `It is.\n#### ${index + 1}`,
  }));
const lines = (records: object[]) => records.map((record) => JSON.stringify(record)).join('\n');

describe('a public format in a suite', () => {
  test.each([
    ['a.jsonl', (records: object[]) => lines(records)],
    ['a.json', (records: object[]) => JSON.stringify(records, null, 1)],
    ['a.jsonl.gz', (records: object[]) => gzipSync(lines(records))],
    ['a.json.gz', (records: object[]) => gzipSync(JSON.stringify(records))],
    ['a.txt', (records: object[]) => lines(records)],
  ])('is read from %s', (name, text) => {
    write(name, text(many(3)));
    const { suite, problems } = load(suiteOf(`{ file: ./${name}, format: gsm8k }`));
    expect(problems).toEqual([]);
    expect(suite?.cases.map(({ id }) => id)).toEqual(['a-1', 'a-2', 'a-3']);
    expect(suite?.cases[2]?.turns[0]?.expect).toEqual([{ type: 'match', value: '3' }]);
  });

  test('MMLU is read from the original archive, quotes and line breaks included', () => {
    write(
      'school_law_test.csv',
      '"Who, if\nanyone?",me,you,"all, or none",nobody,C\nWhen?,1,2,3,4,A\n',
    );
    const { suite, problems } = load(suiteOf('{ file: school_law_test.csv, format: mmlu }'));
    expect(problems).toEqual([]);
    expect(suite?.cases.map(({ tags }) => tags)).toEqual([['school_law'], ['school_law']]);
    expect(suite?.cases[0]?.turns[0]?.expect[0]).toMatchObject({ value: 'C' });
  });

  test('names each record that does not fit by file and line, at most ten', () => {
    const path = write(
      'bad.jsonl',
      lines(Array.from({ length: 12 }, () => ({ question: 'Q?', answer: '4' }))),
    );
    const { problems } = load(suiteOf('{ file: bad.jsonl, format: gsm8k }'));
    expect(problems).toHaveLength(11);
    expect(problems[2]).toMatchObject({
      ...{ file: path, line: 3 },
      message: 'the field answer has no line «#### » with the final answer',
    });
    expect(problems[10]?.message).toBe('and 2 more');
  });

  test('a sample is drawn by the seed, in the order of the file, under ids that stay', () => {
    write('m.jsonl', lines(many(50)));
    const sampled = (seed: string) =>
      load(suiteOf('{ file: m.jsonl, format: gsm8k, sample: 10 }'), seed).suite?.cases.map(
        ({ id }) => id,
      );
    const first = sampled('a');
    expect(first).toHaveLength(10);
    expect(first).toEqual(sampled('a'));
    expect(first).not.toEqual(sampled('b'));
    const numbers = first?.map((id) => Number(id.slice(2))) ?? [];
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    const limited = load(suiteOf('{ file: m.jsonl, format: gsm8k, limit: 20, sample: 10 }'), 'a');
    expect(limited.suite?.cases.every(({ id }) => Number(id.slice(2)) <= 20)).toBe(true);
  });

  test('conversations that do not fit are left out, and count for no limit', () => {
    const lone = { id: 'x', conversations: [{ from: 'human', value: 'a' }] };
    write(
      's.json',
      JSON.stringify([lone, RECORDS.sharegpt, lone, RECORDS.sharegpt, RECORDS.sharegpt]),
    );
    const { suite } = load(suiteOf('{ file: s.json, format: sharegpt, limit: 2, max_turns: 1 }'));
    expect(suite?.cases.map(({ id, turns }) => [id, turns.length])).toEqual([
      ['s-2', 1],
      ['s-4', 1],
    ]);
    const none = load(suiteOf('{ file: s.json, format: sharegpt, min_characters: 1000 }'));
    expect(none.problems).toMatchObject([
      {
        message: 's.json has no conversation that fits',
        remedy: 'see min_characters and max_characters',
      },
    ]);
  });

  test.each([
    [
      '{ file: a.jsonl, format: gsm8k, map: { prompt: question } }',
      'gsm8k brings its own mapping: take map out',
    ],
    ['{ file: a.jsonl, max_turns: 1 }', 'max_turns is for the format sharegpt alone'],
  ])('%s is refused', (data, message) => {
    expect(load(suiteOf(data)).problems.map((problem) => problem.message)).toEqual([message]);
  });

  test('a packed file that is none is named', () => {
    write('broken.jsonl.gz', 'no gzip');
    expect(load(suiteOf('{ file: broken.jsonl.gz, format: gsm8k }')).problems[0]?.message).toMatch(
      /^cannot read .*broken\.jsonl\.gz/,
    );
  });

  test('a mapping has a reference too', () => {
    write('own.jsonl', '{"q":"Capital of Kenya?","a":"Nairobi"}\n');
    const { suite } = load(
      suiteOf(
        "{ file: own.jsonl, map: { prompt: q, reference: 'It is {a}.', expect: { type: contains, value: $a } } }",
      ),
    );
    expect(suite?.cases[0]?.turns[0]).toMatchObject({
      reference: 'It is Nairobi.',
      expect: [{ value: 'Nairobi' }],
    });
  });
});

describe('a data file in the place of a suite', () => {
  test.each(Object.entries(RECORDS))('%s is known by its fields', (name, record) => {
    const path = write(`${name}.jsonl`, lines([record]));
    const { suite, problems } = load(path);
    expect(problems).toEqual([]);
    expect(suite).toMatchObject({ name, description: expect.stringContaining(name) });
    expect(suite?.cases).toHaveLength(1);
  });

  test('packed, as a list, and as the CSV of MMLU', () => {
    const list = write('list.json.gz', gzipSync(JSON.stringify([RECORDS.sharegpt], null, 2)));
    expect(load(list).suite?.cases).toHaveLength(1);
    const csv = write('school_law_val.csv', 'When?,1,2,3,4,A\n');
    expect(load(csv).suite).toMatchObject({
      name: 'school_law_val',
      cases: [{ tags: ['school_law'] }],
    });
  });

  test('a hundred cases of it, or as many as are asked for', () => {
    const path = write('big.jsonl', lines(many(300)));
    expect(load(path).suite?.cases).toHaveLength(100);
    expect(load(path, 's', 250).suite?.cases).toHaveLength(250);
    expect(load(path, 's', 900).suite?.cases).toHaveLength(300);
  });

  test('prompts alone are asked and not graded', () => {
    const { suite } = load(write('p.jsonl', '{"prompt":"Hello"}\n'));
    expect(suite?.cases[0]?.turns[0]).toMatchObject({ text: 'Hello', expect: [] });
  });

  test('what is of no format known, or nowhere, is said so', () => {
    const path = write('odd.jsonl', '{"frage":"Warum?"}\n');
    expect(load(path).problems).toMatchObject([
      { file: path, message: expect.stringContaining('gsm8k, mmlu, humaneval, ifeval, sharegpt') },
    ]);
    expect(load(join(dir, 'none.jsonl')).problems[0]?.message).toBe('cannot be read (ENOENT)');
  });

  test.each([
    ['empty.jsonl', '', 0, 'has no records'],
    ['blank.jsonl', '\n\n', 0, 'has no records'],
    ['list.json', '[]', 0, 'has no records'],
    ['broken.jsonl', '\n{"question": "Wh\n', 2, expect.stringContaining('is not JSON')],
    ['latin.jsonl', Buffer.from('{"prompt":"caf\xe9"}\n', 'latin1'), 1, 'is not UTF-8'],
    ['numbers.jsonl', '1\n2\n', 1, 'is not a JSON object'],
  ])(
    '%s without one good record is told from one of another format',
    (name, text, line, message) => {
      const path = write(name, text);
      expect(load(path).problems).toMatchObject([{ file: path, line, message }]);
    },
  );

  test('a file larger than is looked at is cut at a line', () => {
    const long = { ...RECORDS.gsm8k, note: 'é'.repeat(1000) };
    const path = write('large.jsonl', lines(Array.from({ length: 2500 }, () => long)));
    expect(load(path).suite?.cases).toHaveLength(100);
  });
});
