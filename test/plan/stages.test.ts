import { expect, test } from 'vitest';
import { inStages } from '../../src/plan/stages.ts';
import type { PlannedRequest } from '../../src/plan/types.ts';
import { planned, several, turns } from '../load/requests.ts';

const QUARTERS = (count: number) => [count / 4, count / 2, count];
const suites = (requests: PlannedRequest[]) => requests.map(({ suite }) => suite).join('');

test('every row has its first requests before any has more', () => {
  const requests = [...several(8, { suite: 'a' }), ...several(4, { suite: 'b' })];
  const staged = inStages(requests, QUARTERS);
  expect(suites(staged)).toBe('aabaabaaaabb');
  for (const suite of ['a', 'b']) {
    const own = (list: PlannedRequest[]) => list.filter((one) => one.suite === suite);
    expect(own(staged)).toEqual(own(requests));
  }
});

test('of comparisons, pairs count, and stay together whichever arm goes first', () => {
  const pairs = (suite: string) =>
    Array.from({ length: 4 }, (_, index) => {
      const arms = (['candidate', 'baseline'] as const).map((arm) =>
        planned({ suite, arm, pairId: `${suite}${index}`, model: arm }),
      );
      return index % 2 === 0 ? arms : arms.reverse();
    }).flat();
  const staged = inStages([...pairs('a'), ...pairs('b')], QUARTERS);
  expect(staged.map(({ pairId }) => pairId)).toEqual(
    ['a0', 'b0', 'a1', 'b1', 'a2', 'a3', 'b2', 'b3'].flatMap((name) => [name, name]),
  );
});

test('conversations stay whole, and warm-up comes first', () => {
  const talk = [0, 1, 2, 3].flatMap((n) => turns(2, { requestId: `t${n}`, suite: 'a' }));
  const warmup = planned({ suite: 'w', phase: 'warmup' });
  const staged = inStages([...talk, ...several(4, { suite: 'b' }), warmup], QUARTERS);
  expect(suites(staged)).toBe('waabaabaaaabb');
  expect(staged.filter(({ suite }) => suite === 'a')).toEqual(talk);
});

test('a row in one piece is sent whole, once the others had their first requests', () => {
  const rows = ['a', 'b', 'c'].flatMap((suite) => several(4, { suite }));
  const staged = inStages(rows, QUARTERS, ({ suite }) => suite !== 'b');
  expect(suites(staged)).toBe('baaaaccccbbb');
});
