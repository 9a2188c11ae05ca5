import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DueQueue } from '../../src/calibration/due-queue.ts';

const instants = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 });

test('gives what is due first, whatever the order it came in', () => {
  fc.assert(
    fc.property(instants, (due) => {
      const queue = new DueQueue();
      for (const dueMs of due) queue.add({ dueMs });
      const out = Array.from({ length: due.length }, () => queue.removeFirst()?.dueMs);
      expect(out).toEqual(due.toSorted((a, b) => a - b));
      expect(queue.size).toBe(0);
      expect(queue.removeFirst()).toBeUndefined();
    }),
  );
});

test('follows instants that move, as a model that is sorted each time', () => {
  fc.assert(
    fc.property(instants, fc.array(fc.integer({ min: 0, max: 60 })), (due, delays) => {
      const queue = new DueQueue();
      const model = due.map((dueMs) => ({ dueMs }));
      for (const item of model) queue.add(item);
      for (const delay of delays) {
        const first = queue.first;
        if (first === undefined) break;
        expect(first.dueMs).toBe(Math.min(...model.map(({ dueMs }) => dueMs)));
        first.dueMs += delay;
        queue.moveFirst();
      }
      model.sort((a, b) => a.dueMs - b.dueMs);
      for (const { dueMs } of model) expect(queue.removeFirst()?.dueMs).toBe(dueMs);
    }),
  );
});
