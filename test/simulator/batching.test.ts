import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { Engine, type Work } from '../../src/simulator/batching.ts';
import { type DriverClock, EngineDriver } from '../../src/simulator/engine-driver.ts';
import type { Latency } from '../../src/simulator/profiles.ts';

interface Job extends Work {
  name: string;
}

/** Round figures: 100 ms before the engine, 20 ms + 100 ms/1k of prefill, 10 ms a step + 10 %. */
const LATENCY: Latency = {
  overheadMs: 100,
  prefillBaseMs: 20,
  prefillMsPer1kTokens: 100,
  decodeMs: 10,
  slowdownPerStream: 0.1,
  maxBatch: 2,
  jitterSigma: 0,
};

const engineOf = (latency: Partial<Latency> = {}, seed = 'x') =>
  new Engine<Job>({ ...LATENCY, ...latency }, createRandom(seed));
const job = (name: string, promptTokens: number, outputTokens: number): Job => ({
  name,
  promptTokens,
  outputTokens,
});

/** `name:token@ms` of each token until `untilMs`, in one call. */
function tokens(engine: Engine<Job>, untilMs = 1e6): string[] {
  const seen: string[] = [];
  engine.advance(untilMs, (work, made, atMs) =>
    seen.push(`${work.name}:${made}@${Math.round(atMs * 1000) / 1000}`),
  );
  return seen;
}

describe('the step model', () => {
  test('one stream: overhead, prefill by length, then a step a token', () => {
    const engine = engineOf();
    engine.submit(job('a', 1000, 3), 0);
    expect(tokens(engine)).toEqual(['a:1@220', 'a:2@230', 'a:3@240']);
  });

  test('a neighbour stalls while a prompt is taken in, and slows the steps after it', () => {
    const engine = engineOf();
    engine.submit(job('a', 0, 5), 0);
    engine.submit(job('b', 1000, 2), 25);
    // 120 first token of a; b is ready at 125, during the step to 130; then 10 + 20 + 100 ms.
    expect(tokens(engine)).toEqual([
      'a:1@120.1',
      'a:2@130.1',
      'a:3@260.1',
      'b:1@260.1',
      'a:4@271.1',
      'b:2@271.1',
      'a:5@281.1',
    ]);
  });

  test('a prompt longer than a step takes in is cut, and its neighbours go on in between', () => {
    const engine = engineOf({ prefillBaseMs: 0, overheadMs: 0 });
    engine.submit(job('a', 0, 4), 0);
    tokens(engine, 1);
    engine.submit(job('b', 4096, 1), 1);
    expect(tokens(engine)).toEqual(['a:2@10.1', 'a:3@224.9', 'a:4@439.7', 'b:1@439.7']);
  });

  test('a full batch makes the next one wait for a slot', () => {
    const engine = engineOf({ overheadMs: 0, prefillBaseMs: 0, slowdownPerStream: 0 });
    for (const name of ['a', 'b', 'c']) engine.submit(job(name, 1, 2), 0);
    tokens(engine, 0);
    expect([engine.running, engine.waiting]).toEqual([2, 1]);
    const names = tokens(engine).map((token) => token.split('@')[0]);
    expect(names).toEqual(['a:1', 'b:1', 'a:2', 'b:2', 'c:1', 'c:2']);
  });

  test('cancelling frees the slot, in the batch and in the queue', () => {
    const engine = engineOf({ overheadMs: 0 });
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => job(name, 1, 9)) as [
      Job,
      Job,
      Job,
      Job,
    ];
    for (const work of [a, b, c, d]) engine.submit(work, 0);
    tokens(engine, 0);
    engine.cancel(a);
    engine.cancel(c);
    const seen = tokens(engine).map((token) => token.slice(0, 1));
    expect(new Set(seen)).toEqual(new Set(['b', 'd']));
    expect([engine.running, engine.waiting, engine.nextAtMs]).toEqual([0, 0, undefined]);
  });

  test('a listener may cancel a neighbour in the same step', () => {
    const engine = engineOf({ overheadMs: 0 });
    const [a, b] = [job('a', 1, 5), job('b', 1, 5)];
    engine.submit(a, 0);
    engine.submit(b, 0);
    const seen: string[] = [];
    engine.advance(1e6, (work) => {
      seen.push(work.name);
      engine.cancel(b);
    });
    expect(seen).toEqual(['a', 'a', 'a', 'a', 'a']);
  });

  const jobs = fc.array(
    fc.record({
      promptTokens: fc.integer({ min: 0, max: 5000 }),
      outputTokens: fc.integer({ min: 1, max: 20 }),
      atMs: fc.integer({ min: 0, max: 500 }),
    }),
    { minLength: 1, maxLength: 12 },
  );

  test('every stream gets its tokens, in order, once; time never runs back', () => {
    fc.assert(
      fc.property(jobs, fc.string(), (list, seed) => {
        const engine = engineOf({ jitterSigma: 0.3, maxBatch: 3 }, seed);
        const made = new Map<string, number>();
        let lastMs = 0;
        for (const [n, item] of list.entries()) engine.submit({ name: `${n}`, ...item }, item.atMs);
        engine.advance(1e9, (work, tokensMade, atMs) => {
          expect(tokensMade).toBe((made.get(work.name) ?? 0) + 1);
          expect(atMs).toBeGreaterThanOrEqual(lastMs);
          made.set(work.name, tokensMade);
          lastMs = atMs;
        });
        expect([...made.values()].sort()).toEqual(list.map((item) => item.outputTokens).sort());
      }),
    );
  });

  test('asking late or often changes nothing', () => {
    fc.assert(
      fc.property(jobs, fc.integer({ min: 1, max: 400 }), (list, everyMs) => {
        const [once, often] = [engineOf({ jitterSigma: 0.2 }), engineOf({ jitterSigma: 0.2 })];
        for (const [n, item] of list.entries()) {
          once.submit({ name: `${n}`, ...item }, item.atMs);
          often.submit({ name: `${n}`, ...item }, item.atMs);
        }
        const seen: string[] = [];
        for (let nowMs = 0; often.nextAtMs !== undefined; nowMs += everyMs) {
          seen.push(...tokens(often, nowMs));
        }
        expect(seen).toEqual(tokens(once));
      }),
    );
  });
});

describe('the driver', () => {
  /** A clock in the test's hands: time passes by `tick`, and its timers may come late. */
  function heldClock() {
    let nowMs = 0;
    let timers: { dueMs: number; callback: () => void }[] = [];
    const clock: DriverClock = {
      nowMs: () => nowMs,
      after: (delayMs, callback) => {
        const timer = { dueMs: nowMs + delayMs, callback };
        timers.push(timer);
        return () => {
          timers = timers.filter((entry) => entry !== timer);
        };
      },
    };
    const tick = (ms: number): void => {
      nowMs += ms;
      const due = timers.filter((timer) => timer.dueMs <= nowMs);
      timers = timers.filter((timer) => timer.dueMs > nowMs);
      for (const timer of due) timer.callback();
    };
    return { clock, tick, dueMs: () => timers.map((timer) => timer.dueMs) };
  }

  test('one timer however many streams, re-armed for the next step', () => {
    const held = heldClock();
    const driver = new EngineDriver(engineOf({ maxBatch: 99 }), held.clock, () => {});
    for (let n = 0; n < 50; n++) driver.submit(job(`${n}`, 1, 5));
    expect(held.dueMs()).toEqual([100]);
    held.tick(100);
    expect(held.dueMs()).toHaveLength(1);
    driver.close();
    expect(held.dueMs()).toEqual([]);
  });

  test('a late timer catches up and does not drift', () => {
    const held = heldClock();
    const seen: string[] = [];
    const driver = new EngineDriver(
      engineOf({ prefillBaseMs: 0 }),
      held.clock,
      (work, made, atMs) => seen.push(`${work.name}:${made}@${Math.round(atMs)}`),
    );
    driver.submit(job('a', 0, 6));
    held.tick(135);
    expect(seen).toEqual(['a:1@100', 'a:2@110', 'a:3@120', 'a:4@130']);
    expect(held.dueMs().map(Math.round)).toEqual([140]);
    held.tick(100);
    expect(seen.slice(4)).toEqual(['a:5@140', 'a:6@150']);
    expect(held.dueMs()).toEqual([]);
  });
});
