import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Judge, type JudgedUnit, Sequential } from '../../src/check/sequential.ts';
import type { RequestRecord } from '../../src/metrics/types.ts';
import { aGrade, aRecord } from '../metrics/fixtures.ts';

/** Remembers what it was shown; decides at a size of its own. */
class Witness implements Judge {
  readonly seen: { ids: string[]; last: boolean }[] = [];
  readonly looks: readonly number[];
  readonly #decidesAt: number;

  constructor(looks: readonly number[], decidesAt = Number.POSITIVE_INFINITY) {
    this.looks = looks;
    this.#decidesAt = decidesAt;
  }

  get decided(): boolean {
    return this.seen.some(({ ids }) => ids.length >= this.#decidesAt);
  }

  look(units: readonly JudgedUnit[], last: boolean): void {
    this.seen.push({ ids: units.map((unit) => unit.map((r) => r.request_id).join('+')), last });
  }

  get sizes(): [number, boolean][] {
    return this.seen.map(({ ids, last }) => [ids.length, last]);
  }
}

const recordOf = (request_id: string, parts: Partial<RequestRecord> = {}): RequestRecord =>
  aRecord({ request_id, ...parts });
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `r${i}`);
const singles = (count: number): string[][] => names(count).map((name) => [name]);

function begun(units: string[][], ...judges: Judge[]) {
  const sequential = new Sequential([{ units, judges }]);
  const settled: string[] = [];
  let concluded = 0;
  sequential.begin(
    (ids) => settled.push(...ids),
    () => {
      concluded += 1;
    },
  );
  const take = (...ids: string[]) => {
    for (const id of ids) sequential.taken(recordOf(id));
  };
  return { sequential, settled, take, concluded: () => concluded };
}

describe('sequential sending', () => {
  test('looks when the first units in plan order have ended, whoever ended first', () => {
    const witness = new Witness([2, 4]);
    const { take } = begun(singles(4), witness);
    take('r3', 'r2', 'r1');
    expect(witness.seen).toEqual([]);
    take('r0');
    expect(witness.seen).toEqual([
      { ids: ['r0', 'r1'], last: false },
      { ids: ['r0', 'r1', 'r2', 'r3'], last: true },
    ]);
  });

  test('whatever the order in which requests end, it sees the same', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(names(8), { minLength: 8 }), (order) => {
        const witness = new Witness([2, 4, 8], 4);
        begun(singles(8), witness).take(...order);
        expect(witness.seen).toEqual([
          { ids: names(2), last: false },
          { ids: names(4), last: false },
        ]);
      }),
    );
  });

  test('a pair counts once both of its requests have ended', () => {
    const witness = new Witness([1, 2]);
    const { take } = begun(
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      witness,
    );
    take('a', 'c', 'd');
    expect(witness.seen).toEqual([]);
    take('b');
    expect(witness.seen.map(({ ids }) => ids)).toEqual([['a+b'], ['a+b', 'c+d']]);
  });

  test('once decided, settles what has not ended, and looks no more', () => {
    const witness = new Witness([2, 4], 2);
    const { sequential, settled, take } = begun(singles(4), witness);
    take('r0', 'r1');
    expect(settled).toEqual(['r2', 'r3']);
    take('r2');
    sequential.unsent({ requestId: 'r3' }, 'decided');
    sequential.end();
    expect(witness.sizes).toEqual([[2, false]]);
  });

  test('goes on until all judges of a group have decided', () => {
    const quick = new Witness([2, 4], 2);
    const slow = new Witness([2, 4], 4);
    const { settled, take } = begun(singles(6), quick, slow);
    take('r0', 'r1');
    expect(settled).toEqual([]);
    take('r2', 'r3');
    expect(settled).toEqual(['r4', 'r5']);
    expect(quick.sizes).toEqual([[2, false]]);
    expect(slow.sizes).toEqual([
      [2, false],
      [4, true],
    ]);
  });

  test('groups are settled one by one', () => {
    const [one, other] = [new Witness([1], 1), new Witness([1, 2], 2)];
    const sequential = new Sequential([
      { units: [['a'], ['b']], judges: [one] },
      { units: [['c'], ['d']], judges: [other] },
    ]);
    const settled: string[][] = [];
    sequential.begin(
      (ids) => settled.push([...ids]),
      () => {},
    );
    sequential.taken(recordOf('a'));
    sequential.taken(recordOf('c'));
    expect(settled).toEqual([['b']]);
    sequential.taken(recordOf('d'));
    expect(settled).toEqual([['b'], []]);
  });

  test('ended early, it looks once more at what is whole up to the first gap', () => {
    const witness = new Witness([2, 6]);
    const { sequential, take } = begun(singles(6), witness);
    take('r0', 'r1', 'r2', 'r4');
    sequential.taken(recordOf('r3', { outcome: 'cancelled' }));
    sequential.unsent({ requestId: 'r5' }, 'max_cost');
    sequential.end();
    sequential.end();
    expect(witness.seen.at(-1)).toEqual({ ids: ['r0', 'r1', 'r2'], last: true });
    expect(witness.sizes).toEqual([
      [2, false],
      [3, true],
    ]);
  });

  test('where nothing was sent it still looks once', () => {
    const witness = new Witness([2]);
    const { sequential } = begun(singles(2), witness);
    for (const requestId of names(2)) sequential.unsent({ requestId }, 'refused');
    sequential.end();
    expect(witness.sizes).toEqual([[0, true]]);
  });

  test('failures and turns that a broken conversation lacks do not hold it up', () => {
    const witness = new Witness([3]);
    const { sequential } = begun(singles(3), witness);
    sequential.taken(recordOf('r0', { outcome: 'truncated' }));
    sequential.unsent({ requestId: 'r1' }, 'conversation');
    sequential.taken(recordOf('r2'));
    expect(witness.seen).toEqual([{ ids: ['r0', '', 'r2'], last: true }]);
  });

  test('what a judge throws ends the sending, and is heard of at the end', () => {
    const broken: Judge = {
      looks: [1],
      decided: false,
      look: () => {
        throw new Error('a bug');
      },
    };
    const { sequential, concluded, take } = begun(singles(3), broken);
    take('r0', 'r1');
    // Warm-up of other models, too, which is in no group.
    expect(concluded()).toBe(1);
    expect(() => sequential.rethrow()).toThrow('a bug');
  });

  test('requests of no group, as those of warm-up, are passed over', () => {
    const witness = new Witness([1]);
    const { take } = begun(singles(1), witness);
    take('w1');
    expect(witness.seen).toEqual([]);
  });
});

describe('grades', () => {
  const gradeOf = (request_id: string) => aGrade({ request_id, answer: 'It is 4.', expected: '4' });

  function gradedAtOnce(units: string[][], ...judges: Judge[]) {
    const gradedNames = new Set(units.flat());
    const sequential = new Sequential([{ units, judges, gradedAtOnce: gradedNames }]);
    const settled: string[] = [];
    sequential.begin(
      (ids) => settled.push(...ids),
      () => {},
    );
    return { sequential, settled };
  }

  /** Remembers which grades it was shown. */
  class Reader extends Witness {
    readonly grades: (string | undefined)[][] = [];
    override look(units: readonly JudgedUnit[], last: boolean): void {
      super.look(units, last);
      this.grades.push(units.flat().map(({ grade }) => grade?.grade));
    }
  }

  test('that come at once are waited for, before their record or after', () => {
    const reader = new Reader([2]);
    const { sequential } = gradedAtOnce(singles(2), reader);
    sequential.graded(gradeOf('r1'));
    sequential.taken(recordOf('r1'));
    sequential.taken(recordOf('r0'));
    expect(reader.seen).toEqual([]);
    sequential.graded(gradeOf('r0'));
    expect(reader.grades).toEqual([['right', 'right']]);
  });

  test('of a request that failed are not waited for', () => {
    const reader = new Reader([2]);
    const { sequential } = gradedAtOnce(singles(2), reader);
    sequential.taken(recordOf('r0', { outcome: 'server_5xx' }));
    sequential.taken(recordOf('r1'));
    sequential.graded(gradeOf('r1'));
    expect(reader.grades).toEqual([[undefined, 'right']]);
  });

  test('that never come hold up no last look', () => {
    const reader = new Reader([2]);
    const { sequential } = gradedAtOnce(singles(2), reader);
    sequential.taken(recordOf('r0'));
    sequential.taken(recordOf('r1'));
    sequential.end();
    expect(reader.sizes).toEqual([[2, true]]);
  });

  test('that come when all is sent are there at the last look, without their texts', () => {
    const along = Object.assign(new Reader([]), { looksAlong: true });
    const { sequential, take } = begun(singles(4), new Witness([2], 2), along);
    take('r0', 'r1', 'r2');
    for (const name of ['r0', 'r1', 'r2']) sequential.graded(gradeOf(name));
    sequential.unsent({ requestId: 'r3' }, 'decided');
    sequential.end();
    expect(along.sizes).toEqual([[3, true]]);
    expect(along.grades).toEqual([['right', 'right', 'right']]);
  });

  test('what looks along sends nothing for its own sake, and sees the same however requests end', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(names(8), { minLength: 8 }), (order) => {
        const along = Object.assign(new Witness([2, 4, 8]), { looksAlong: true });
        const { settled, take, sequential } = begun(singles(8), new Witness([2, 4, 8], 4), along);
        take(...order);
        sequential.end();
        expect(along.sizes).toEqual([
          [2, false],
          [4, false],
          [8, true],
        ]);
        expect(settled.length).toBeLessThanOrEqual(4);
      }),
    );
  });
});
