import { describe, expect, test } from 'vitest';
import { mapRecord } from '../../src/suite/mapping.ts';
import { turnsGradedAtEnd } from '../../src/suite/turns.ts';

const record = {
  qid: 7,
  question: 'How many?',
  nested: { answer: '42', options: ['x', 'y'] },
  'dotted.name': 'own',
  sys: 'Be brief.',
  turns: ['one', 'two'],
  empty: '',
};

describe('a mapped record', () => {
  test('has its prompt in the field prompt by default', () => {
    expect(mapRecord({ prompt: 'Hi' }, {})).toEqual({
      ...{ id: null, turns: turnsGradedAtEnd(['Hi'], []), system: null },
    });
  });

  test('takes fields by name, by dotted path, and values of expectations by $', () => {
    const map = {
      id: 'qid',
      prompt: 'question',
      system: 'sys',
      expect: [
        { type: 'match', value: '$nested.answer' },
        { type: 'contains-any', value: ['$qid', '$$literal', '$dotted.name'] },
      ],
    };
    const numbersAreNoTexts = mapRecord(record, map);
    expect(numbersAreNoTexts).toEqual([
      'expect.value: the value of contains-any has to be a list of texts',
    ]);
    expect(mapRecord({ ...record, qid: 'q7' }, map)).toEqual({
      id: 'q7',
      turns: turnsGradedAtEnd(
        ['How many?'],
        [
          { type: 'match', value: '42' },
          { type: 'contains-any', value: ['q7', '$literal', 'own'] },
        ],
      ),
      system: 'Be brief.',
    });
  });

  test('keeps lists that a $ stands for', () => {
    const map = { prompt: 'question', expect: { type: 'contains-all', value: '$nested.options' } };
    expect(mapRecord(record, map)).toMatchObject({
      turns: [{ expect: [{ type: 'contains-all', value: ['x', 'y'] }] }],
    });
  });

  test('fills a template', () => {
    const map = { prompt: 'Q{qid}: {question}\nA ({nested.answer}):' };
    expect(mapRecord(record, map)).toMatchObject({ turns: [{ text: 'Q7: How many?\nA (42):' }] });
  });

  test('can be a conversation', () => {
    expect(mapRecord(record, { turns: 'turns' })).toMatchObject({
      turns: [{ text: 'one' }, { text: 'two' }],
    });
  });
});

test.each([
  ['a missing prompt', {}, 'the field prompt is missing'],
  ['a missing field of a template', { prompt: '{nope} {question}' }, 'the field nope is missing'],
  ['a missing id', { prompt: 'question', id: 'nested.nope' }, 'the field nested.nope is missing'],
  ['an empty field', { prompt: 'empty' }, 'the field empty is empty'],
  ['a field that is no text', { prompt: 'nested' }, 'the field nested is no text'],
  ['turns that are no list', { turns: 'question' }, 'the field question is no list of texts'],
  ['an inherited name', { prompt: 'constructor' }, 'the field constructor is missing'],
  [
    'a missing answer',
    { prompt: 'question', expect: { type: 'match', value: '$gone' } },
    'the field gone is missing',
  ],
])('%s is reported', (_, map, message) => {
  expect(mapRecord(record, map)).toEqual([message]);
});
