import { describe, expect, it } from 'vitest';
import { equal, TOLERANCE } from '../../../src/score/sandbox/equal.ts';
import { show } from '../../../src/score/sandbox/show.ts';
import type { Wire } from '../../../src/score/sandbox/wire.ts';
import { isExact } from '../../../src/score/sandbox/wire.ts';

const likeness = { language: 'python', tolerance: TOLERANCE } as const;

describe('equality', () => {
  it.each<[Wire, Wire]>([
    [1, { $float: '1.0' }],
    [{ $tuple: [1, 2] }, [1, 2]],
    [{ $int: '0x20000000000000' }, { $int: '9007199254740992' }],
    [{ $int: '-0x10' }, -16],
    [0.1 + 0.2, 0.3],
    [1e12 + 0.001, 1e12],
    [{ $float: 'inf' }, { $float: 'Infinity' }],
    [{ $float: 'nan' }, { $float: 'nan' }],
    [{ $set: [1, 'a', { $tuple: [1, 2] }] }, { $set: [[1, 2], 'a', 1] }],
    [
      {
        $dict: [
          [1, 'a'],
          [null, 2],
        ],
      },
      {
        $dict: [
          [null, 2],
          [1, 'a'],
        ],
      },
    ],
    [{ $dict: [[1, 'a']] }, { 1: 'a' }],
    [true, 1],
    [{}, {}],
    [
      { $a: 1, $b: 2 },
      { $b: 2, $a: 1 },
    ],
  ])('holds of %j and %j', (got, expected) => {
    expect(equal(got, expected, likeness)).toBe(true);
  });

  it.each<[Wire, Wire]>([
    [{ $int: '9007199254740993' }, { $int: '9007199254740992' }],
    [1.001, 1],
    ['1', 1],
    [null, 0],
    [null, false],
    [[], {}],
    [[1], [1, 2]],
    [
      [2, 1],
      [1, 2],
    ],
    [[1, 2], { $set: [1, 2] }],
    [{ $set: [1, 1.5] }, { $set: [1, 2] }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ __proto__x: 1 }, { toString: 1 }],
    [{ $repr: 'x' }, { $repr: 'x' }],
    [{ $repr: '2' }, 2],
    [{ $float: 'nan' }, 1],
    [{ $float: 'inf' }, { $float: '-inf' }],
    [{ $bytes: '00' }, '00'],
    ['', null],
  ])('does not hold of %j and %j', (got, expected) => {
    expect(equal(got, expected, likeness)).toBe(false);
  });

  it('goes no deeper than what is expected', () => {
    const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as Wire;
    expect(equal(deep, [[1]], likeness)).toBe(false);
    expect(show(deep, 'python').length).toBeLessThanOrEqual(80);
  });

  it('tells whole numbers that JSON has not kept', () => {
    expect(isExact([1, { a: 2 ** 53 - 1 }, 0.5])).toBe(true);
    expect(isExact([1, { a: 2 ** 60 }])).toBe(false);
  });

  it.each<[Wire, string, string]>([
    [null, 'None', 'null'],
    [[true, { $tuple: [1] }], '[True, (1,)]', '[true, (1,)]'],
    [{ $float: '2.0' }, '2.0', '2'],
    [{ a: 'x\n' }, '{"a": "x\\n"}', '{"a": "x\\n"}'],
    [{ $undefined: true }, 'None', 'undefined'],
    ['y'.repeat(500), `"${'y'.repeat(78)}…`, `"${'y'.repeat(78)}…`],
  ])('writes %j as its language does', (value, python, javascript) => {
    expect([show(value, 'python'), show(value, 'javascript')]).toEqual([python, javascript]);
  });
});
