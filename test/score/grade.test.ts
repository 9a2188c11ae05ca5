import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deferredOf, gradeAnswer } from '../../src/score/grade.ts';
import type { Judgement } from '../../src/score/types.ts';
import type { Expectation } from '../../src/suite/types.ts';
import { LIMITS, replied } from './replies.ts';

const YES: Expectation = { type: 'contains', value: 'tea' };
const NO: Expectation = { type: 'contains', value: 'coffee' };
/** Nobody can grade it: no judge was asked. */
const DOUBT: Expectation = { type: 'model-graded', value: 'is polite' };

function grade(...expectations: Expectation[]) {
  return gradeAnswer(replied('a cup of tea'), expectations, LIMITS);
}

function set(assert: Expectation[], more: Partial<Expectation> = {}): Expectation {
  return { type: 'assert-set', assert, ...more } as unknown as Expectation;
}

describe('several expectations', () => {
  it.each([
    ['all right', [YES, YES], 'right', 1],
    ['one wrong', [YES, NO], 'wrong', 0.5],
    ['one ungraded', [YES, DOUBT], 'ungraded', null],
    ['one wrong, one ungraded', [NO, DOUBT, YES], 'wrong', 0.5],
    ['weights', [{ ...YES, weight: 3 }, NO], 'wrong', 0.75],
    ['a wrong one without weight', [YES, { ...NO, weight: 0 }], 'right', 1],
    ['an ungraded one without weight', [YES, { ...DOUBT, weight: 0 }], 'right', 1],
    ['only ones without weight', [{ ...NO, weight: 0 }], 'right', 1],
  ] as const)('%s', (_name, expectations, mark, score) => {
    expect(grade(...(expectations as readonly Expectation[]))).toMatchObject({ mark, score });
  });

  it('says why, and which grader said what', () => {
    const { reason, graders } = grade(YES, NO);
    expect(reason).toBe('lacks "coffee"');
    expect(graders.map(({ type, mark, weight }) => ({ type, mark, weight }))).toEqual([
      { type: 'contains', mark: 'right', weight: 1 },
      { type: 'contains', mark: 'wrong', weight: 1 },
    ]);
  });
});

describe('sets', () => {
  it.each([
    ['without threshold, all are needed', set([YES, NO]), 'wrong', 0.5],
    ['a threshold that is reached', set([YES, NO], { threshold: 0.5 }), 'right', 0.5],
    ['one that is not', set([YES, NO, NO], { threshold: 0.5 }), 'wrong', 1 / 3],
    ['weights within', set([YES, { ...NO, weight: 3 }], { threshold: 0.5 }), 'wrong', 0.25],
    ['doubt that decides', set([YES, DOUBT], { threshold: 0.6 }), 'ungraded', null],
    ['doubt that decides nothing', set([YES, DOUBT], { threshold: 0.5 }), 'right', 1],
    ['doubt that could not save it', set([NO, NO, DOUBT], { threshold: 0.5 }), 'wrong', 0],
    [
      'a threshold of tenths',
      set(
        [
          { ...YES, weight: 0.1 },
          { ...YES, weight: 0.2 },
          { ...NO, weight: 0.7 },
        ],
        { threshold: 0.3 },
      ),
      'right',
      0.3,
    ],
    ['a set within a set', set([set([YES, NO], { threshold: 0.5 }), YES]), 'right', 0.75],
  ])('%s', (_name, expectation, mark, score) => {
    const graded = grade(expectation);
    expect(graded.mark).toBe(mark);
    if (score === null) expect(graded.score).toBeNull();
    else expect(graded.score).toBeCloseTo(score, 9);
  });

  it('lists what its members said', () => {
    expect(grade(set([YES, NO])).graders[0]?.members?.map(({ mark }) => mark)).toEqual([
      'right',
      'wrong',
    ]);
  });
});

describe('not-', () => {
  it('turns right and wrong round and leaves ungraded', () => {
    expect(grade({ ...YES, type: 'not-contains' })).toMatchObject({ mark: 'wrong', score: 0 });
    expect(grade({ ...NO, type: 'not-contains' })).toMatchObject({ mark: 'right', score: 1 });
    expect(grade({ ...DOUBT, type: 'not-model-graded' }).mark).toBe('ungraded');
    expect(grade({ ...set([NO]), type: 'not-assert-set' }).mark).toBe('right');
  });

  it('does so for any text and pattern', () => {
    const round = { right: 'wrong', wrong: 'right', ungraded: 'ungraded' };
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (text, value) => {
        const plain = gradeAnswer(replied(text), [{ type: 'icontains', value }], LIMITS);
        const turned = gradeAnswer(replied(text), [{ type: 'not-icontains', value }], LIMITS);
        expect(turned.mark).toBe(round[plain.mark]);
      }),
    );
  });
});

describe('deferred graders', () => {
  const code: Expectation = { type: 'code', value: {} };
  const turned: Expectation = { type: 'not-model-graded', value: 'is rude' };

  it('are found in sets and behind not-', () => {
    expect(deferredOf([YES, set([NO, set([code])]), turned])).toEqual([
      { expectation: code, kind: 'code' },
      { expectation: turned, kind: 'model-graded' },
    ]);
  });

  it('count by what they found, or are ungraded with the flag that was missing', () => {
    const found = (mark: Judgement['mark'], score: number | null): Judgement => ({
      mark,
      score,
      answer: null,
      reason: null,
    });
    const deferred = new Map([
      [code, found('right', 1)],
      [turned, found('wrong', 0.2)],
    ]);
    expect(gradeAnswer(replied('x'), [code, turned], LIMITS, deferred)).toMatchObject({
      mark: 'right',
      score: 0.9,
    });
    expect(gradeAnswer(replied('x'), [code], LIMITS)).toMatchObject({
      mark: 'ungraded',
      reason: expect.stringContaining('--run-code'),
    });
  });
});
