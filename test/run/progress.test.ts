import { expect, test } from 'vitest';
import { modelKey } from '../../src/load/protocol.ts';
import { Progress } from '../../src/run/progress.ts';
import { aPlannedRow, aRecord } from '../metrics/fixtures.ts';

const row = aPlannedRow({ planned: 100 });
const counter = () => new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);

test('counts what had ended before a run was gone on with, and not its time', async () => {
  const before = new Map([[modelKey(row), { done: 90, failed: 3 }]]);
  const progress = new Progress([row], counter(), null, before);
  expect(progress.snapshot().models).toMatchObject([{ planned: 100, done: 90, failed: 3 }]);
  // Nobody knows how long one takes until one has ended since.
  expect(progress.snapshot().remainingMs).toBeNull();
  await new Promise((resolve) => setTimeout(resolve, 20));
  progress.ended(aRecord());
  const { models, elapsedMs, remainingMs } = progress.snapshot();
  expect(models[0]).toMatchObject({ done: 91, failed: 3 });
  expect(models[0]).not.toHaveProperty('before');
  // Nine are left, at the pace of the one.
  expect(remainingMs).toBeCloseTo(9 * elapsedMs, 6);
});

test('is at its end where nothing was missing', () => {
  const progress = new Progress(
    [row],
    counter(),
    null,
    new Map([[modelKey(row), { done: 100, failed: 0 }]]),
  );
  expect(progress.snapshot()).toMatchObject({ models: [{ done: 100 }], remainingMs: null });
});
