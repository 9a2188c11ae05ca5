import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PairKeys } from '../../src/metrics/pair-keys.ts';
import { RowSamples } from '../../src/metrics/row-samples.ts';
import { aRecord } from './fixtures.ts';

type Key = { case_id: string; repeat: number; turn: number; pair_id?: string };

function keysOf(records: Key[]): PairKeys {
  const keys = new PairKeys();
  for (const record of records) keys.add(record);
  return keys;
}
const of = (text: string): Key => {
  const [case_id = '', repeat = '0', turn = '0'] = text.split('/');
  return { case_id, repeat: Number(repeat), turn: Number(turn) };
};
const partners = (own: string[], others: string[]) => [
  ...keysOf(own.map(of)).partnersAmong(keysOf(others.map(of)), false),
];

describe('partners', () => {
  test('are of the same case, repeat and turn, whatever the order', () => {
    expect(partners(['a', 'b', 'a/1', 'c', 'a/0/1'], ['a/0/1', 'c', 'a/1', 'x', 'a'])).toEqual([
      4, -1, 2, 1, 0,
    ]);
  });

  test('are partners of one only: the first of several', () => {
    expect(partners(['a', 'a'], ['a'])).toEqual([0, -1]);
    expect(partners(['a'], ['b', 'a', 'a'])).toEqual([1]);
  });

  test('by the pair they were sent in', () => {
    const sent = (ids: string[]) => keysOf(ids.map((id) => ({ ...of(`case-${id}`), pair_id: id })));
    const [own, others] = [sent(['p1', 'p2', 'p3']), sent(['p3', 'p1'])];
    expect([...own.partnersAmong(others, true)]).toEqual([1, -1, 0]);
    expect(own.sentInPairs).toBe(true);
    expect(keysOf([of('a')]).sentInPairs).toBe(false);
    expect(keysOf([]).sentInPairs).toBe(false);
  });

  const records = fc.array(
    fc.record({
      case_id: fc.constantFrom('a', 'b', 'c'),
      repeat: fc.integer({ min: 0, max: 3 }),
      turn: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 30 },
  );

  test('never are of another case, repeat or turn, and every one that has one finds it', () => {
    fc.assert(
      fc.property(records, records, (own, others) => {
        const found = keysOf(own).partnersAmong(keysOf(others), false);
        const taken = [...found].filter((index) => index >= 0);
        expect(new Set(taken).size).toBe(taken.length);
        own.forEach((record, i) => {
          const index = found[i] as number;
          if (index >= 0) expect(others[index]).toEqual(record);
        });
        const distinct = (list: Key[]) => new Set(list.map((key) => JSON.stringify(key)));
        const common = [...distinct(own)].filter((key) => distinct(others).has(key));
        expect(taken).toHaveLength(common.length);
      }),
    );
  });
});

test('cases are numbered as they come', () => {
  const keys = keysOf(['a', 'b', 'a/1/2', 'c'].map(of));
  expect([...keys.cases()]).toEqual([0, 1, 0, 2]);
  expect(keys.caseCount).toBe(3);
});

test('a timeline is laid out again once there are more requests', () => {
  const samples = new RowSamples({});
  samples.add(aRecord({ started_ms: 5 }));
  const before = samples.timeline();
  expect(samples.timeline()).toBe(before);
  samples.add(aRecord({ started_ms: 3 }));
  expect([...samples.timeline().starts]).toEqual([3, 5]);
});
