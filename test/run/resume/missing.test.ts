import { describe, expect, test } from 'vitest';
import type { PlannedRequest } from '../../../src/plan/types.ts';
import { type RecordStanding, standingOf, whatIsMissing } from '../../../src/run/resume/missing.ts';
import { planned as plannedRequest } from '../../load/requests.ts';

const request = (requestId: string, changes: Partial<PlannedRequest> = {}): PlannedRequest =>
  plannedRequest({ requestId, ...changes });

/** Turns of one conversation: `talk('a', 3)` is a0, a1, a2. */
const talk = (name: string, turnCount: number): PlannedRequest[] =>
  Array.from({ length: turnCount }, (_, turn) =>
    request(`${name}${turn}`, { conversationId: name, turn, turnCount }),
  );

function missingIn(planned: PlannedRequest[], standings: Record<string, RecordStanding>) {
  const { requests, superseded, measured } = whatIsMissing(
    planned,
    new Map(Object.entries(standings)),
  );
  return {
    sent: requests.map(({ requestId }) => requestId),
    superseded: [...superseded],
    measured,
  };
}

describe('what is missing', () => {
  test('is what has no record, and what we gave up or the key was refused', () => {
    const planned = ['a', 'b', 'c', 'd', 'e'].map((id) => request(id));
    const standings = { a: 'ok', b: 'failed', c: 'void', e: 'ok' } as const;
    expect(missingIn(planned, standings)).toEqual({
      sent: ['c', 'd'],
      superseded: ['c'],
      measured: 2,
    });
    const all = { a: 'ok', b: 'ok', c: 'ok', d: 'failed', e: 'ok' } as const;
    expect(missingIn(planned, all)).toEqual({ sent: [], superseded: [], measured: 0 });
  });

  test.each<[string, Record<string, RecordStanding>, string[], string[]]>([
    ['all turns', { a0: 'ok', a1: 'ok', a2: 'ok' }, [], []],
    ['none', {}, ['a0', 'a1', 'a2'], []],
    ['its first turn', { a0: 'ok' }, ['a0', 'a1', 'a2'], ['a0']],
    ['a turn given up', { a0: 'ok', a1: 'void' }, ['a0', 'a1', 'a2'], ['a0', 'a1']],
    ['a turn that failed, which ended it', { a0: 'ok', a1: 'failed' }, [], []],
    ['a first turn that failed', { a0: 'failed' }, [], []],
    ['a last turn alone', { a2: 'ok' }, ['a0', 'a1', 'a2'], ['a2']],
  ])('of a conversation with %s', (_, standings, sent, superseded) => {
    expect(missingIn(talk('a', 3), standings)).toMatchObject({ sent, superseded });
  });

  test('is warm-up too, of rows that lack something', () => {
    const planned = [
      request('w1', { phase: 'warmup', suite: 'one' }),
      request('m1', { suite: 'one' }),
      request('w2', { phase: 'warmup', suite: 'two' }),
      request('m2', { suite: 'two' }),
      request('w3', { phase: 'warmup', suite: 'two', model: 'other' }),
      request('m3', { suite: 'two', model: 'other' }),
    ];
    const standings = { w1: 'ok', m1: 'ok', w2: 'ok', w3: 'ok', m3: 'ok' } as const;
    expect(missingIn(planned, standings)).toEqual({
      sent: ['w2', 'm2'],
      superseded: ['w2'],
      measured: 1,
    });
  });

  test('is the same once what is superseded made room', () => {
    const planned = [request('w', { phase: 'warmup' }), ...talk('a', 2), ...talk('b', 2)];
    const standings = { w: 'ok', a0: 'ok', a1: 'ok', b0: 'ok' } as const;
    const first = missingIn(planned, standings);
    const kept = Object.entries(standings).filter(([id]) => !first.superseded.includes(id));
    const again = missingIn(planned, Object.fromEntries(kept));
    expect(again).toEqual({ ...first, superseded: [] });
  });
});

test.each([
  ['ok', 200, null, 'ok'],
  ['server_5xx', 500, 'down', 'failed'],
  ['truncated', 200, null, 'failed'],
  ['cancelled', 200, null, 'void'],
  ['cancelled', null, null, 'void'],
  ['lost', null, null, 'void'],
  ['auth', 401, 'no such key', 'void'],
  ['forbidden', 403, null, 'void'],
  ['not_found', 404, null, 'void'],
  ['bad_request', 400, 'Invalid model name passed in model=x', 'void'],
  ['bad_request', 400, 'max_tokens is too large', 'failed'],
] as const)('a record of %s (%s, %s) is %s', (outcome, http_status, error_message, standing) => {
  expect(standingOf({ outcome, http_status, error_message })).toBe(standing);
});
