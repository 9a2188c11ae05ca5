import { describe, expect, test } from 'vitest';
import { buildPlan } from '../../src/plan/plan.ts';
import {
  lineToRequest,
  promptToLine,
  type RequestLine,
  requestToLine,
} from '../../src/store/plan-line.ts';
import type { Turn } from '../../src/suite/types.ts';
import { caseOf, modelOf, settingsOf, suiteOf, targetOf } from '../plan/fixtures.ts';

const turn = (text: string, expected?: string, reference: string | null = null): Turn => ({
  ...{ text, reference, wrong: null },
  expect: expected === undefined ? [] : [{ type: 'equals', value: expected }],
});

function requestsOf(turns: Turn[], notGraded = false) {
  const graded = { tags: [], notTags: notGraded ? ['guard'] : [] };
  return buildPlan({
    suites: [suiteOf('s', [caseOf('c', { turns })], { graded })],
    targets: [targetOf('t', [modelOf('m', { tags: ['guard'] })])],
    settings: settingsOf(),
  }).requests;
}

describe('what grading needs of a planned request', () => {
  test.each([
    ['a single prompt', [turn('one', 'a')], [1]],
    ['one with a reference', [turn('one', 'a', 'the right answer')], [1]],
    ['a conversation graded at its end', [turn('one'), turn('two', 'b')], [1, 1]],
    ['one graded at every turn', [turn('one', 'a'), turn('two', 'b', 'B')], [2, 2]],
    ['one that is not graded', [turn('one'), turn('two')], [0, 0]],
  ])('of %s comes back as it was', (_, turns, gradedTurns) => {
    const requests = requestsOf(turns);
    expect(requests.map((request) => request.gradedTurns)).toEqual(gradedTurns);
    expect(requests.map(({ reference }) => reference)).toEqual(
      turns.map(({ reference }) => reference),
    );
    for (const request of requests) {
      const line = JSON.parse(JSON.stringify(requestToLine(request, 'p1'))) as RequestLine;
      const prompt = promptToLine(request, 'p1');
      expect(lineToRequest(line, prompt)).toEqual({ ...request, costUpperUsd: null });
    }
  });

  test('is nothing for models that a suite is asked of but not graded for', () => {
    const [request] = requestsOf([turn('one', 'a', 'the right answer')], true);
    expect(request).toMatchObject({ expect: [], reference: null, gradedTurns: 0 });
  });

  test('takes no room in the plan where there is nothing to say', () => {
    const [request] = requestsOf([turn('one', 'a')]);
    if (request === undefined) throw new Error('no request');
    expect(Object.keys(promptToLine(request, 'p1'))).toEqual(['prompt_id', 'messages', 'expect']);
  });

  test('is read of runs of older versions as they meant it: the last turn alone is graded', () => {
    const [first, last] = requestsOf([turn('one'), turn('two', 'b')]);
    if (first === undefined || last === undefined) throw new Error('no requests');
    const old = ({ messages, expect: expected }: typeof first) => ({
      ...{ prompt_id: 'p', messages, expect: expected },
    });
    expect(lineToRequest(requestToLine(last, 'p'), old(last)).gradedTurns).toBe(1);
    expect(lineToRequest(requestToLine(first, 'p'), old(first)).gradedTurns).toBe(0);
  });
});
