import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json.ts';
import type { FormatOptions } from '../../../src/suite/formats/format.ts';
import { formatOfRecord, PUBLIC_FORMATS } from '../../../src/suite/formats/index.ts';
import type { MappedFields } from '../../../src/suite/mapping.ts';
import { RECORDS } from './records.ts';

function caseOf(
  format: keyof typeof PUBLIC_FORMATS,
  record: JsonObject,
  options: Partial<FormatOptions> = {},
): MappedFields {
  const found = PUBLIC_FORMATS[format].read(record, { stem: 'file', ...options });
  if (found === 'left out' || Array.isArray(found)) throw new Error(String(found));
  return found;
}

function faultsOf(format: keyof typeof PUBLIC_FORMATS, record: JsonObject): string[] {
  const found = PUBLIC_FORMATS[format].read(record, { stem: 'file' });
  return Array.isArray(found) ? found : [];
}

test.each(Object.entries(RECORDS))('a record of %s is known by its fields', (name, record) => {
  expect(formatOfRecord(record)).toBe(name);
});

test.each([
  {},
  { prompt: 'Hello' },
  { question: 'Why?', answer: 'So.' },
  { question: 'Why?', choices: ['a', 'b'] },
  { conversations: [{ role: 'user', content: 'x' }] },
])('%j is of none', (record) => {
  expect(formatOfRecord(record as JsonObject)).toBeUndefined();
});

describe('GSM8K', () => {
  test('asks for the number behind ####', () => {
    expect(caseOf('gsm8k', RECORDS.gsm8k)).toEqual({
      id: null,
      system: null,
      turns: [
        {
          text: `${RECORDS.gsm8k.question}\n\nWork it out, then end with one line of exactly this form:\nAnswer: <number>`,
          expect: [{ type: 'match', value: '1230' }],
          ...{ reference: null, wrong: null },
        },
      ],
    });
  });

  test.each([
    ['#### 42', '42'],
    ['2 = <<1+1=2>>2\n#### -7', '-7'],
    ['So.\r\n#### $1,000.50', '1000.50'],
    ['A.\n####  12 ', '12'],
  ])('%j ends in %s', (answer, value) => {
    const { turns } = caseOf('gsm8k', { question: 'Q?', answer });
    expect(turns[0]?.expect).toEqual([{ type: 'match', value }]);
  });

  test('says what is wrong with a record', () => {
    expect(faultsOf('gsm8k', {})).toEqual([
      'the field question is missing',
      'the field answer is missing',
    ]);
    expect(faultsOf('gsm8k', { question: ' ', answer: '42' })).toEqual([
      'the field question is no text',
      'the field answer has no line «#### » with the final answer',
    ]);
    expect(faultsOf('gsm8k', { question: 'Q', answer: '#### many' })).toEqual([
      'the final answer behind #### is no number: many',
    ]);
  });
});

describe('MMLU', () => {
  test('offers the choices under letters', () => {
    const found = caseOf('mmlu', RECORDS.mmlu);
    expect(found.turns[0]?.text).toBe(
      'Which gas do plants take in?\n\nA) oxygen\nB) carbon dioxide\nC) helium\nD) neon\n\nWork it out, then end with one line of exactly this form:\nAnswer: <letter>',
    );
    expect(found.turns[0]?.expect).toEqual([
      { type: 'choice', value: 'B', choices: ['oxygen', 'carbon dioxide', 'helium', 'neon'] },
    ]);
    expect(found.tags).toEqual(['school_biology']);
  });

  test.each([
    [0, 'A'],
    ['3', 'D'],
    ['c', 'C'],
  ])('the answer %j is %s', (answer, letter) => {
    const { turns } = caseOf('mmlu', { ...RECORDS.mmlu, answer });
    expect(turns[0]?.expect[0]?.value).toBe(letter);
  });

  test('MMLU with values that are no text has faults, and breaks nothing', () => {
    const odd = JSON.parse('{"toString": 1}');
    const read = (record: JsonObject) =>
      PUBLIC_FORMATS.mmlu.read(record, { stem: 'x', maxTurns: 1 });
    expect(read({ question: 'Q?', choices: ['a', 'b'], answer: odd })).toHaveLength(1);
    expect(read({ question: 'Q?', A: odd, B: '2', C: '3', D: '4', answer: 'B' })).toEqual([
      'the field A is no text',
    ]);
  });

  test('the original has columns in place of a list, and the subject in the name of its file', () => {
    const columns = PUBLIC_FORMATS.mmlu.columnsFor?.(['Q?', '1', '2', '3', '4', 'B']) ?? [];
    expect(columns).toEqual(['question', 'A', 'B', 'C', 'D', 'answer']);
    expect(PUBLIC_FORMATS.mmlu.columnsFor?.(columns)).toBeNull();
    const record = { question: 'Q?', A: '1', B: '2', C: '3', D: '4', answer: 'B' };
    expect(caseOf('mmlu', record, { stem: 'school_biology_test' })).toMatchObject({
      turns: [{ expect: [{ value: 'B', choices: ['1', '2', '3', '4'] }] }],
      tags: ['school_biology'],
    });
  });

  test('a choice may be blank, as some are in both forms', () => {
    const record = { question: 'Q?', A: '1', B: '', C: '3', D: '4', answer: 'D' };
    const listed = { question: 'Q?', choices: ['1', '', '3', '4'], answer: 3 };
    expect(caseOf('mmlu', record).turns).toEqual(caseOf('mmlu', listed).turns);
  });

  test('says what is wrong with a record', () => {
    expect(faultsOf('mmlu', { ...RECORDS.mmlu, answer: 4 })).toEqual([
      'the field answer names none of the 4 choices: give an index from 0 or a letter',
    ]);
    expect(faultsOf('mmlu', { question: 'Q', choices: "['a' 'b']", answer: 0 })).toEqual([
      'the field choices is no list of 2 to 10 texts',
    ]);
  });
});

describe('HumanEval', () => {
  test('asks for the function, and hands its test on', () => {
    const found = caseOf('humaneval', RECORDS.humaneval);
    const [turn] = found.turns;
    expect(found.id).toBe('Own/0');
    expect(turn?.text).toContain('```python\ndef double(number: int) -> int:');
    expect(turn?.expect).toEqual([
      {
        type: 'code',
        value: {
          ...{ language: 'python', function: 'double' },
          ...{ prompt: RECORDS.humaneval.prompt, check: RECORDS.humaneval.test },
        },
      },
    ]);
    expect(turn?.reference).toBe(
      '```python\ndef double(number: int) -> int:\n    """Twice the number."""\n    return 2 * number\n```',
    );
  });

  test('says what is wrong with a record', () => {
    const { canonical_solution, ...record } = RECORDS.humaneval;
    expect(canonical_solution).toBeDefined();
    expect(caseOf('humaneval', record).turns[0]?.reference).toBeNull();
    expect(faultsOf('humaneval', { ...record, test: 'assert True', entry_point: 'a b' })).toEqual([
      'the field test defines no function check',
      'the field entry_point is no name of a function: a b',
    ]);
  });
});

describe('IFEval', () => {
  test('gives each instruction its arguments', () => {
    const found = caseOf('ifeval', RECORDS.ifeval);
    expect(found).toMatchObject({ id: 'file-7', tags: ['length_constraints', 'punctuation'] });
    expect(found.turns[0]).toMatchObject({
      text: RECORDS.ifeval.prompt,
      expect: [
        {
          type: 'rule',
          value: {
            'length_constraints:number_words': { relation: 'at least', num_words: 30 },
            'punctuation:no_comma': {},
          },
        },
      ],
    });
  });

  test('takes an instruction twice', () => {
    const record = {
      ...RECORDS.ifeval,
      instruction_id_list: ['keywords:existence', 'keywords:existence'],
      kwargs: [{ keywords: ['a'] }, { keywords: ['b'] }],
    };
    expect(caseOf('ifeval', record).turns[0]?.expect).toHaveLength(2);
  });

  test('says what is wrong with a record', () => {
    const record = RECORDS.ifeval;
    expect(faultsOf('ifeval', { ...record, kwargs: [] })).toEqual([
      'the field kwargs has no entry for each of instruction_id_list',
    ]);
    expect(faultsOf('ifeval', { ...record, instruction_id_list: [] })).toEqual([
      'the field instruction_id_list is no list of names',
    ]);
    const unknown = { instruction_id_list: ['mood:cheerful'], kwargs: [null] };
    expect(faultsOf('ifeval', { ...record, ...unknown })[0]).toContain('mood:cheerful');
    const lacking = { instruction_id_list: ['keywords:existence'], kwargs: [{}] };
    expect(faultsOf('ifeval', { ...record, ...lacking })[0]).toContain(
      'keywords:existence: keywords: ',
    );
  });
});

describe('ShareGPT', () => {
  const conversation = (...said: [from: string, value: string][]): JsonObject => ({
    id: 'x',
    conversations: said.map(([from, value]) => ({ from, value })),
  });
  const read = (record: JsonObject, options: Partial<FormatOptions> = {}) =>
    PUBLIC_FORMATS.sharegpt.read(record, { stem: 'file', ...options });

  test('sends what the human says, turn by turn, and grades nothing', () => {
    expect(caseOf('sharegpt', RECORDS.sharegpt)).toEqual({
      ...{ id: null, system: null },
      turns: ['Hello there', 'And a rhyme?'].map((text) => ({
        ...{ text, expect: [], reference: null, wrong: null },
      })),
    });
  });

  test('keeps a system prompt, and the first turns only where so many are wanted', () => {
    const record = conversation(
      ['system', 'Be kind.'],
      ['human', 'a'],
      ['gpt', 'b'],
      ['human', 'c'],
    );
    expect(read(record, { maxTurns: 1 })).toMatchObject({
      ...{ system: 'Be kind.', turns: [{ text: 'a' }] },
    });
  });

  test.each([
    ['one message alone', conversation(['human', 'a']), {}],
    ['the model begins', conversation(['gpt', 'a'], ['human', 'b']), {}],
    ['nothing at all', conversation(), {}],
    ['a blank turn', conversation(['human', ' '], ['gpt', 'b']), {}],
    ['too short', conversation(['human', 'abc'], ['gpt', 'b']), { minCharacters: 4 }],
    ['too long', conversation(['human', 'abc'], ['gpt', 'b']), { maxCharacters: 2 }],
  ])('leaves out: %s', (_, record, options) => {
    expect(read(record, options)).toBe('left out');
  });

  test('says what is no conversation', () => {
    expect(read({ id: 'x' })).toEqual(['the field conversations is missing']);
    expect(read({ conversations: [{ role: 'user', content: 'a' }] })).toEqual([
      'the field conversations is no list of {from, value}',
    ]);
  });
});
