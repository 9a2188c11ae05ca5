import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Measurement } from '../../src/load/measure.ts';
import { ThreadWatch } from '../../src/load/thread-watch.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { aTape } from '../metrics/fixtures.ts';
import { jobOf, MainThread } from './main-thread.ts';
import { several } from './requests.ts';

/** Holds this thread up, and nothing else runs in it. */
function holdUp(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a watch over the thread it runs in', () => {
  const originNs = process.hrtime.bigint();
  const runMs = (): number => Number(process.hrtime.bigint() - originNs) / 1e6;
  let watch: ThreadWatch;
  beforeEach(() => {
    watch = new ThreadWatch(2, originNs);
    watch.begin();
  });

  test('without a measured request there is nothing to tell', async () => {
    watch.sending(false);
    await sleep(20);
    watch.ended(aTape(), false);
    expect(watch.end()).toBeNull();
  });

  test('a thread held up again and again is late for that share of the time', async () => {
    const startedMs = runMs();
    watch.sending(true);
    for (let n = 0; n < 10; n++) {
      await sleep(30);
      holdUp(50);
    }
    watch.ended(aTape({ startedMs, arrivalsMs: new Float64Array(), scheduledMs: -3 }), true);
    const report = watch.end();
    // 48 of every 80 ms, and more where this machine is busy.
    expect(report?.lateShare).toBeGreaterThan(0.4);
    expect(report?.latenessMsMax).toBeGreaterThan(35);
    expect(report?.latenessMsP99).toBeGreaterThan(30);
    expect(report?.windowMs).toBeGreaterThan(790);
    expect(report?.scheduleDelayMsMax).toBe(3);
  });

  test('the window ends with the last measured request', async () => {
    watch.sending(true);
    await sleep(50);
    watch.ended(aTape({ startedMs: runMs() }), true);
    await sleep(30);
    holdUp(200);
    await sleep(30);
    const report = watch.end();
    expect(report?.windowMs).toBeLessThan(180);
    expect(report?.latenessMsMax).toBeLessThan(180);
  });

  test('stamps taken right after a late turn are in the tape, the others are not', async () => {
    const startedMs = runMs();
    watch.sending(true);
    await sleep(30);
    const before = runMs() - startedMs;
    await sleep(30);
    holdUp(100);
    const after = runMs() - startedMs;
    const tape = watch.ended(
      aTape({
        startedMs,
        connectedMs: 0,
        arrivalsMs: Float64Array.of(before, after),
        arrivalBytes: Uint32Array.of(1, 1),
      }),
      true,
    );
    const moments = new Map(tape.lateMoments);
    // A probe comes 20 ms after the one before at the latest.
    expect(moments.get(after)).toBeGreaterThan(75);
    expect(moments.get(after)).toBeLessThanOrEqual(after - before);
    expect(watch.end()).toMatchObject({ reads: 2 });
  });

  test('what holds the thread up before a request is on its way is marked at 0', async () => {
    await sleep(20);
    const startedMs = runMs();
    watch.sending(true);
    holdUp(100);
    const tape = watch.ended(aTape({ startedMs, connectedMs: 95, headersMs: 98 }), true);
    watch.end();
    expect(tape.lateMoments?.[0]?.[0]).toBe(0);
    expect(tape.lateMoments?.[0]?.[1]).toBeGreaterThan(75);
  });
});

describe('in a measurement', () => {
  let simulator: Simulator;
  afterEach(() => simulator.close());

  test('every tape is watched, and the end tells how the thread did', async () => {
    simulator = await startSimulator({ profile: 'fast' });
    const main = new MainThread();
    const measurement = new Measurement(
      jobOf(simulator.url, several(8, { model: 'Qwen2.5-7B-chat' })),
      main.take,
    );
    main.tell = (command) => measurement.obey(command);
    await measurement.run();
    for (const { tape } of main.taken) expect(tape.lateMoments).toBeDefined();
    const reads = main.taken.reduce((sum, { tape }) => sum + tape.arrivalsMs.length, 0);
    expect(main.thread).toMatchObject({ reads });
    const { cpuShare, loopShare, windowMs } = main.thread ?? {};
    expect(windowMs).toBeGreaterThan(0);
    expect(loopShare).toBeGreaterThan(0);
    if (process.platform === 'linux') expect(cpuShare).toBeGreaterThan(0);
    else expect(cpuShare).toBeNull();
  });
});
