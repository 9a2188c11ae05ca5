import { describe, expect, test } from 'vitest';
import { knownAnswer } from '../../src/run/answer-book.ts';
import { gradeAnswer } from '../../src/score/grade.ts';
import type { Answered } from '../../src/score/types.ts';
import type { Said } from '../../src/simulator/options.ts';
import { LIMITS, replied } from '../score/replies.ts';
import { shipped } from './shipped.ts';

function reply(said: Said): Answered {
  if (typeof said === 'string') return replied(said);
  return replied('', {
    toolCalls: [{ index: 0, id: 'call_0', ...said }],
    finishReason: 'tool_calls',
  });
}

describe.each(['planner', 'chat'])('%s', (name) => {
  const graded = shipped(name).cases.flatMap(({ id, turns }) =>
    turns.flatMap((turn, index) =>
      turn.expect.length > 0 ? [{ id: `${id}/${index}`, turn }] : [],
    ),
  );

  test.each(graded)('$id: its right answer is graded right, its wrong one wrong', ({ turn }) => {
    const known = knownAnswer(turn);
    expect(known).not.toBeNull();
    if (known === null) return;
    expect(gradeAnswer(reply(known.right), turn.expect, LIMITS)).toMatchObject({
      mark: 'right',
      score: 1,
    });
    expect(gradeAnswer(reply(known.wrong), turn.expect, LIMITS)).toMatchObject({ mark: 'wrong' });
  });
});

describe('chat', () => {
  const conversations = shipped('chat').cases.filter(({ turns }) => turns.length > 1);

  test('has conversations of three turns and more, most of them graded on the way', () => {
    expect(conversations.length).toBeGreaterThan(30);
    expect(conversations.every(({ turns }) => turns.length >= 3 && turns.length <= 6)).toBe(true);
    const onTheWay = conversations.filter(({ turns }) =>
      turns.slice(0, -1).some(({ expect: of }) => of.length > 0),
    );
    expect(onTheWay.length).toBeGreaterThan(conversations.length * 0.9);
  });
});
