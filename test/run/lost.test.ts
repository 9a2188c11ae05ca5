import { expect, test } from 'vitest';
import type { PlannedRequest } from '../../src/plan/types.ts';
import { lostRequests } from '../../src/run/lost.ts';

function planned(requestId: string, more: Partial<PlannedRequest> = {}): PlannedRequest {
  const one = { requestId, conversationId: requestId, pairId: null, phase: 'measure' };
  return { target: 't', model: 'm', ...one, ...more } as PlannedRequest;
}

const idsOf = (requests: PlannedRequest[]) => requests.map(({ requestId }) => requestId);
const KEY = 't\nm';

test.each([
  [
    'the first that have not ended',
    [planned('a'), planned('b'), planned('c')],
    3,
    ['b'],
    ['a', 'c'],
  ],
  ['none where all that were sent are there', [planned('a'), planned('b')], 1, ['a'], []],
  ['warm-up before the rest', [planned('a'), planned('w', { phase: 'warmup' })], 1, [], ['w']],
  [
    'of a conversation one turn at a time',
    [
      planned('a1', { conversationId: 'a' }),
      planned('a2', { conversationId: 'a' }),
      planned('b1', { conversationId: 'b' }),
    ],
    2,
    [],
    ['a1', 'b1'],
  ],
  [
    'of a pair one arm at a time',
    [
      planned('a', { pairId: 'p' }),
      planned('b', { pairId: 'p' }),
      planned('c', { pairId: 'q' }),
      planned('d', { pairId: 'q' }),
    ],
    3,
    ['a'],
    ['b', 'c'],
  ],
] as const)('%s', (_what, plan, sent, ended, lost) => {
  const found = lostRequests(plan, {
    sent: new Map([[KEY, sent]]),
    recorded: new Map([[KEY, ended.length]]),
    settled: new Set<string>(ended),
  });
  expect(idsOf(found)).toEqual(lost);
});
