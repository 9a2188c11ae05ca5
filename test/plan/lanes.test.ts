import { expect, test } from 'vitest';
import { lanesOf } from '../../src/plan/lanes.ts';
import { planned } from '../load/requests.ts';

const names = (...lanes: { model: string }[][]) => lanes.map((lane) => lane.map((r) => r.model));

test('each model has a lane of its own', () => {
  const requests = ['a', 'b', 'a'].map((model) => planned({ model }));
  expect(names(...lanesOf(requests))).toEqual([['a', 'a'], ['b']]);
});

test('what pairs bind together shares one, warm-up included', () => {
  const requests = [
    planned({ model: 'c' }),
    planned({ model: 'b', phase: 'warmup' }),
    planned({ model: 'a', pairId: 'p1' }),
    planned({ model: 'base', pairId: 'p1' }),
    planned({ model: 'base', pairId: 'p2' }),
    planned({ model: 'b', pairId: 'p2' }),
  ];
  expect(names(...lanesOf(requests))).toEqual([['c'], ['b', 'a', 'base', 'base', 'b']]);
});

test('the same model of two targets is two, unless a pair holds them together', () => {
  const two = (pairId: string | null) =>
    ['x', 'y'].map((target) => planned({ target, pairId, model: 'm' }));
  expect(lanesOf(two(null))).toHaveLength(2);
  expect(lanesOf(two('p1'))).toHaveLength(1);
});
