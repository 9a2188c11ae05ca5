import { afterEach, describe, expect, test } from 'vitest';
import { MeasuringThread } from '../../src/load/measuring-thread.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { jobOf, MainThread } from './main-thread.ts';
import { several } from './requests.ts';

// Runs the compiled worker: `npm test` builds before.
const MODEL = 'Qwen2.5-7B-chat';

let simulator: Simulator;
let thread: MeasuringThread;

afterEach(async () => {
  await thread.end();
  await simulator.close();
});

async function begin(main: MainThread, requests = several(12, { model: MODEL })): Promise<Error[]> {
  const failures: Error[] = [];
  main.tell = (command) => thread.tell(command);
  await thread.begin(jobOf(simulator.url, requests), main.take, (error) => failures.push(error));
  await expect.poll(() => main.finished || failures.length > 0, { timeout: 10_000 }).toBe(true);
  return failures;
}

describe('the measuring thread', () => {
  test('does a job, its tapes transferred whole', async () => {
    simulator = await startSimulator({ profile: 'fast' });
    thread = new MeasuringThread();
    const main = new MainThread();
    expect(await begin(main)).toEqual([]);
    expect(main.taken.map(({ outcome }) => outcome)).toEqual(Array(12).fill('ok'));
    for (const { tape, answer } of main.taken) {
      expect(answer).not.toBe('');
      expect(tape.arrivalBytes.reduce((sum, bytes) => sum + bytes, 0)).toBe(tape.body.length);
      // Both threads stand on one clock.
      expect(BigInt(tape.originNs)).toBeLessThan(process.hrtime.bigint());
    }
  });

  test('hears an interrupt that comes before the job', async () => {
    simulator = await startSimulator({ profile: 'fast' });
    thread = new MeasuringThread();
    thread.tell({ type: 'stop', reason: 'interrupted', abort: true });
    const main = new MainThread();
    expect(await begin(main)).toEqual([]);
    expect(main.unsent.map(([, reason]) => reason)).toEqual(Array(12).fill('interrupted'));
    expect(simulator.stats().requests).toBe(0);
  });

  test('a bug in the thread is told, not waited for', async () => {
    simulator = await startSimulator({ profile: 'fast' });
    thread = new MeasuringThread();
    const requests = several(2, { model: MODEL, target: 'nowhere' });
    const failures = await begin(new MainThread(), requests);
    expect(failures[0]?.message).toMatch(/no sender for nowhere/);
  });
});
