import { expect, test } from 'vitest';
import { type PacedStream, Pacer } from '../../src/calibration/pacer.ts';

/** Notes when it was called; ends after so many calls. */
class NotingStream implements PacedStream {
  dueMs: number;
  writable = true;
  readonly calledMs: number[] = [];
  readonly dueWhenCalledMs: number[] = [];
  readonly ended: Promise<void>;
  #end: () => void = () => {};
  #left: number;
  readonly #periodMs: number;

  constructor(dueMs: number, periodMs: number, calls: number) {
    this.dueMs = dueMs;
    this.#periodMs = periodMs;
    this.#left = calls;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  send(nowMs: number): 'again' | 'blocked' | 'done' {
    if (!this.writable) return 'blocked';
    this.calledMs.push(nowMs);
    this.dueWhenCalledMs.push(this.dueMs);
    this.#left -= 1;
    this.dueMs += this.#periodMs;
    if (this.#left > 0) return 'again';
    this.#end();
    return 'done';
  }
}

const soon = () => performance.now() + 5;

test('calls nobody before it is due, whether the next one is far or near', async () => {
  const pacer = new Pacer(0.25);
  // Gaps below and above what it sleeps for itself, and none at all.
  const streams = [0, 0.3, 2, 7, 12].map((periodMs) => new NotingStream(soon(), periodMs, 10));
  for (const stream of streams) pacer.add(stream);
  await Promise.all(streams.map(({ ended }) => ended));
  for (const { calledMs, dueWhenCalledMs } of streams) {
    expect(calledMs).toHaveLength(10);
    for (const [call, ms] of calledMs.entries()) {
      expect(ms).toBeGreaterThanOrEqual(dueWhenCalledMs[call] as number);
    }
  }
});

test('takes up one that is due sooner than what it sleeps for', async () => {
  const pacer = new Pacer(0.25);
  const late = new NotingStream(performance.now() + 60_000, 0, 1);
  pacer.add(late);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const near = new NotingStream(soon(), 0, 1);
  pacer.add(near);
  await near.ended;
  expect(late.calledMs).toHaveLength(0);
  // Lets the far one go, or its timer keeps the process alive.
  late.dueMs = 0;
  pacer.add(new NotingStream(0, 0, 1));
  await late.ended;
});

test('leaves a blocked one alone until it can go on, and others meanwhile not', async () => {
  const pacer = new Pacer(0.25);
  const blocked = new NotingStream(soon(), 1, 5);
  const other = new NotingStream(soon(), 1, 30);
  blocked.writable = false;
  pacer.add(blocked);
  pacer.add(other);
  await other.ended;
  expect(blocked.calledMs).toHaveLength(0);
  await new Promise((resolve) => setTimeout(resolve, 10));
  blocked.writable = true;
  await blocked.ended;
  expect(blocked.calledMs).toHaveLength(5);
});
