import { expect, test } from 'vitest';
import { onCore } from '../../src/score/core-time.ts';

/** Keeps the core busy. */
function spin(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

/** Sleeps as a thread does whose core another has. */
function starve(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

const isLinux = process.platform === 'linux';

test.runIf(isLinux)('an attempt without a core is made again, and five of them are enough', () => {
  let attempts = 0;
  const late = onCore(20, () => {
    attempts += 1;
    if (attempts < 3) starve(20);
    return { result: attempts, timeUp: attempts < 3 };
  });
  expect(late).toBe(3);
  attempts = 0;
  onCore(5, () => {
    attempts += 1;
    starve(5);
    return { result: null, timeUp: true };
  });
  expect(attempts).toBe(5);
});

test.runIf(isLinux)(
  'an attempt that had half of its time on a core has twice the time next',
  () => {
    const walls: number[] = [];
    const found = onCore(40, (wallMs) => {
      walls.push(wallMs);
      spin(10);
      starve(10);
      return { result: wallMs, timeUp: wallMs < 80 };
    });
    expect(found).toBe(80);
    expect(walls).toEqual([40, 80]);
  },
);

test('an attempt that had the core is the last', () => {
  let attempts = 0;
  onCore(20, () => {
    attempts += 1;
    // Long enough that a neighbour cannot take half of the limit away.
    spin(200);
    return { result: null, timeUp: true };
  });
  expect(attempts).toBe(1);
});
