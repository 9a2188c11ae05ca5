import { expect, test } from 'vitest';
import { parseSchedstat, ThreadClock } from '../src/thread-times.ts';

test.each([
  ['358842 326644 2\n', { cpuMs: 0.358842, waitedMs: 0.326644 }],
  ['', null],
  ['nonsense', null],
  ['12', null],
])('%j', (text, times) => {
  expect(parseSchedstat(text)).toEqual(times);
});

test.runIf(process.platform === 'linux')('counts the work of the thread that asks', () => {
  const clock = ThreadClock.open();
  const before = clock?.read();
  const untilMs = performance.now() + 50;
  while (performance.now() < untilMs);
  const after = clock?.read();
  clock?.close();
  expect((after?.cpuMs ?? 0) - (before?.cpuMs ?? 0)).toBeGreaterThan(1);
});
