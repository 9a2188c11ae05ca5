import { expect, test } from 'vitest';
import { armsDiffer } from '../../src/check/prompts.ts';
import type { PlannedRequest } from '../../src/plan/types.ts';
import { planned } from '../load/requests.ts';

const SAME = { pairId: 'p1', nonce: 'abc-r00001' };

test.each<[string, Partial<PlannedRequest>, boolean]>([
  ['the same', {}, false],
  ['a nonce of its own, as long', { nonce: 'abc-r00002' }, false],
  ['one of a longer number', { nonce: 'abc-r100000' }, false],
  ['no nonce', { nonce: null }, true],
  ['another text', { messages: [{ role: 'user', content: 'Bye' }] }, true],
  ['another role', { messages: [{ role: 'system', content: 'Hello' }] }, true],
  ['more', { messages: [...planned().messages, { role: 'user', content: 'More' }] }, true],
  ['another case', { caseId: 'other' }, true],
  ['another turn', { turn: 1 }, true],
  ['another pair', { pairId: 'p2', messages: [] }, false],
  ['no pair', { pairId: null, messages: [] }, false],
])('of a pair whose second arm is sent %s', (_, other, differ) => {
  expect(armsDiffer([planned(SAME), planned({ ...SAME, ...other })])).toBe(differ);
});
