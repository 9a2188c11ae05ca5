import { expect, test } from 'vitest';
import { plannedStreams } from '../../src/plan/load.ts';
import { planned, several, turns } from '../load/requests.ts';

test.each([
  ['as many as there are slots', several(20, { model: 'a' }), 'parallel', 8, 8],
  ['never more than conversations', several(3, { model: 'a' }), 'parallel', 8, 3],
  ['turns follow one another', turns(5, { model: 'a' }), 'parallel', 8, 1],
  [
    'models side by side',
    [...several(20, { model: 'a' }), ...several(3, { model: 'b' })],
    'parallel',
    8,
    11,
  ],
  [
    'the largest of models that follow one another',
    [...several(20, { model: 'a' }), ...several(3, { model: 'b' })],
    'sequential',
    8,
    8,
  ],
  [
    'models that share their slots',
    [...several(5, { model: 'a' }), ...several(2, { model: 'b' })],
    'interleaved',
    8,
    7,
  ],
  ['warm-up comes before', several(9, { model: 'a', phase: 'warmup' }), 'parallel', 8, 0],
  [
    'the same model of two targets',
    [planned({ target: 'x' }), planned({ target: 'y' })],
    'parallel',
    8,
    2,
  ],
  [
    'pairs, of which one arm is asked at a time',
    ['p1', 'p2', 'p3'].flatMap((pairId) => [
      planned({ pairId, model: 'a' }),
      planned({ pairId, model: 'b' }),
    ]),
    'parallel',
    8,
    3,
  ],
  ['nothing', [], 'interleaved', 8, 0],
] as const)('%s', (_, requests, order, concurrency, streams) => {
  expect(plannedStreams({ requests: [...requests] }, { order, concurrency })).toBe(streams);
});
