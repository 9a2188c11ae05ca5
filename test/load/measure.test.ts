import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Measurement } from '../../src/load/measure.ts';
import type { MeasureJob } from '../../src/load/protocol.ts';
import type { PlannedRequest } from '../../src/plan/types.ts';
import type { SimulatorOptions } from '../../src/simulator/options.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { jobOf, MainThread } from './main-thread.ts';
import { planned, several, turns } from './requests.ts';

const QWEN = 'Qwen2.5-7B-chat';
const LLAMA = 'Llama-3.1-8B-Instruct';

let simulator: Simulator;
let main: MainThread;

beforeEach(() => {
  main = new MainThread();
});
afterEach(() => simulator.close());

async function start(options: SimulatorOptions = {}): Promise<void> {
  simulator = await startSimulator({ profile: 'fast', logRequests: true, ...options });
}

function measurementOf(requests: PlannedRequest[], parts: Partial<MeasureJob> = {}): Measurement {
  const measurement = new Measurement(jobOf(simulator.url, requests, parts), main.take);
  main.tell = (command) => measurement.obey(command);
  return measurement;
}

const run = (requests: PlannedRequest[], parts: Partial<MeasureJob> = {}): Promise<void> =>
  measurementOf(requests, parts).run();

const RUN_LIMITS = { durationMs: null, requests: null, outputTokens: null, costUsd: null };
const outcomes = (): string[] => [...new Set(main.taken.map(({ outcome }) => outcome))];

describe('a measurement', () => {
  test('sends each planned request once, and hands over each tape', async () => {
    await start();
    const requests = [...several(8, { model: QWEN }), ...several(8, { model: LLAMA })];
    const job = jobOf(simulator.url, requests);
    await run(requests, { inFlight: job.inFlight });
    expect(main.finished).toBe(true);
    expect(outcomes()).toEqual(['ok']);
    const ids = main.taken.map(({ request }) => request.requestId);
    expect(ids.sort()).toEqual(requests.map(({ requestId }) => requestId).sort());
    expect(simulator.stats().requests).toBe(16);
    expect(main.backlogPauses).toBe(0);
    // Nothing is in flight any more.
    expect([...new Int32Array(job.inFlight)]).toEqual([0, 0]);
    for (const { tape } of main.taken) {
      expect(tape.scheduledMs).toBeLessThanOrEqual(0);
      expect(tape.startedMs).toBeGreaterThan(0);
      expect(tape.turnDelayMs).toBeNull();
    }
  });

  test.each(['parallel', 'interleaved', 'sequential'] as const)(
    '%s, all is sent',
    async (order) => {
      await start();
      const requests = [QWEN, LLAMA, QWEN, LLAMA, QWEN].map((model) => planned({ model }));
      await run(requests, { order, concurrency: 2 });
      expect(main.taken.length).toBe(5);
      if (order !== 'sequential') return;
      const models = main.taken.map(({ request }) => request.model);
      expect(models).toEqual([QWEN, QWEN, QWEN, LLAMA, LLAMA]);
    },
  );

  test('a model the key does not open costs one request', async () => {
    await start({ keys: { 'sk-test': [QWEN] } });
    const requests = [...several(5, { model: QWEN }), ...several(5, { model: LLAMA })];
    await run(requests);
    expect(main.refused).toEqual([LLAMA]);
    expect(main.unsent.map(([, reason]) => reason)).toEqual(Array(4).fill('refused'));
    expect(simulator.stats().requests).toBe(6);
    expect(main.taken.length).toBe(6);
  });

  test('failures are data: the run goes on', async () => {
    await start({
      faults: [
        { fault: 'truncated', nth: 2 },
        { fault: '500', nth: 3 },
      ],
    });
    await run(several(6, { model: QWEN }), { concurrency: 1 });
    expect(main.taken.map(({ outcome }) => outcome)).toEqual([
      'ok',
      'truncated',
      'server_5xx',
      'ok',
      'ok',
      'ok',
    ]);
  });

  test('an endpoint that is not there: every request fails, and the run ends', async () => {
    await start();
    const requests = several(4, { model: QWEN });
    const measurement = new Measurement(jobOf('http://127.0.0.1:9/v1', requests), main.take);
    main.tell = (command) => measurement.obey(command);
    await measurement.run();
    expect(outcomes()).toEqual(['connect']);
    expect(main.taken.length).toBe(4);
  });
});

describe('what is decided', () => {
  test('is not sent any more; what is in flight goes on', async () => {
    await start();
    const requests = [...several(20, { model: QWEN }), ...several(3, { model: LLAMA })];
    const ids = requests.filter(({ model }) => model === QWEN).map(({ requestId }) => requestId);
    const measurement = measurementOf(requests, { concurrency: 2 });
    main.onTaken = () => measurement.obey({ type: 'settle', requestIds: ids });
    await measurement.run();
    expect(outcomes()).toEqual(['ok']);
    const sent = main.taken.map(({ request }) => request.requestId);
    const left = main.unsent.map(([id]) => id);
    expect(left.length).toBeGreaterThan(10);
    expect(new Set(main.unsent.map(([, reason]) => reason))).toEqual(new Set(['decided']));
    expect([...sent, ...left].sort()).toEqual(requests.map((one) => one.requestId).sort());
    expect(main.taken.filter(({ request }) => request.model === LLAMA)).toHaveLength(3);
  });

  test('may be the second arm of a pair whose first is in flight', async () => {
    await start();
    const arms = (['candidate', 'baseline'] as const).map((arm) =>
      planned({ requestId: arm, model: QWEN, pairId: 'p', arm }),
    );
    const measurement = measurementOf(arms);
    measurement.obey({ type: 'settle', requestIds: ['baseline'] });
    await measurement.run();
    expect(main.taken.map(({ request }) => request.requestId)).toEqual(['candidate']);
    expect(main.unsent).toEqual([['baseline', 'decided']]);
  });

  test('told to send nothing more without giving up, it lets what is in flight end', async () => {
    await start();
    const measurement = measurementOf(several(10, { model: QWEN }), { concurrency: 3 });
    main.onTaken = () => measurement.obey({ type: 'stop', reason: 'duration', abort: false });
    await measurement.run();
    expect(outcomes()).toEqual(['ok']);
    expect(new Set(main.unsent.map(([, reason]) => reason))).toEqual(new Set(['duration']));
  });
});

describe('conversations', () => {
  test('carry the answers on, and say how long they waited for the turn', async () => {
    await start();
    await run(turns(3, { model: QWEN }));
    expect(main.taken.map(({ request }) => request.turn)).toEqual([0, 1, 2]);
    expect(outcomes()).toEqual(['ok']);
    const delays = main.taken.map(({ tape }) => tape.turnDelayMs);
    expect(delays[0]).toBeNull();
    expect(delays.slice(1).every((ms) => ms !== null && ms >= 0)).toBe(true);
    // The wait is no part of the schedule's lateness.
    for (const { tape } of main.taken) expect(-tape.scheduledMs).toBeLessThan(1000);
  });

  test('a failed turn ends its conversation, and only that', async () => {
    await start({ faults: [{ fault: '500', nth: 1 }] });
    const [one, two] = [turns(3, { model: QWEN }), turns(2, { model: QWEN })];
    await run([...one, ...two], { concurrency: 1 });
    expect(main.unsent).toEqual(one.slice(1).map(({ requestId }) => [requestId, 'conversation']));
    expect(main.taken.length).toBe(3);
  });
});

test('a turn that failed after the sending was ended is why the next are not sent', async () => {
  await start({ faults: [{ fault: '500', nth: 1 }] });
  const measurement = measurementOf(turns(3, { model: QWEN }));
  const tell = main.tell;
  main.tell = (command) => {
    if (command.type === 'turn')
      measurement.obey({ type: 'stop', reason: 'duration', abort: false });
    tell(command);
  };
  await measurement.run();
  expect(main.unsent.map(([, reason]) => reason)).toEqual(['conversation', 'conversation']);
});

describe('limits of a run', () => {
  const priced = (count: number) => several(count, { model: QWEN, costUpperUsd: 1 });

  test('money: never more in flight than could be paid, and the rest is unsent', async () => {
    await start();
    main.costUsd = 0.5;
    await run(priced(10), { runLimits: { ...RUN_LIMITS, costUsd: 2 } });
    // 0.5 each, with 1 held back for the one to come: 0.5 × 3 ≤ 2 − 0.5.
    expect(main.taken.length).toBe(3);
    expect(main.unsent.length).toBe(7);
    expect(new Set(main.unsent.map(([, reason]) => reason))).toEqual(new Set(['max_cost']));
  });

  test('money that no request fits into: nothing is sent, and the run ends', async () => {
    await start();
    await run(priced(3), { runLimits: { ...RUN_LIMITS, costUsd: 0.5 } });
    expect(main.unsent.length).toBe(3);
    expect(simulator.stats().requests).toBe(0);
  });

  test('money: what is decided while it waits ends nothing', async () => {
    await start();
    const requests = [1, 1, 0.2].map((costUpperUsd) => planned({ model: QWEN, costUpperUsd }));
    const runLimits = { ...RUN_LIMITS, costUsd: 1.5 };
    const measurement = measurementOf(requests, { concurrency: 2, runLimits });
    const decided = requests[1]?.requestId ?? '';
    main.costUsd = 1;
    const tell = main.tell;
    main.tell = (command) => {
      if (command.type === 'taken') measurement.obey({ type: 'settle', requestIds: [decided] });
      tell(command);
    };
    await measurement.run();
    expect(main.unsent).toEqual([[decided, 'decided']]);
    expect(main.taken.length).toBe(2);
  });

  test('tokens', async () => {
    await start();
    main.outputTokens = 10;
    await run(several(8, { model: QWEN, outputTokensUpper: 10 }), {
      runLimits: { ...RUN_LIMITS, outputTokens: 40 },
    });
    expect(main.taken.length).toBe(4);
    expect(main.unsent[0]?.[1]).toBe('max_tokens');
  });

  test('time: cycles until it is up, and leaves nothing planned unaccounted', async () => {
    await start();
    const requests = several(3, { model: QWEN });
    await run(requests, { cycle: true, runLimits: { ...RUN_LIMITS, durationMs: 300 } });
    expect(main.taken.length).toBeGreaterThan(3);
    expect(main.unsent).toEqual([]);
    const ids = main.taken.map(({ request }) => request.requestId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('commands', () => {
  test('stop with abort gives up what is in flight, and reports the rest', async () => {
    await start({ faults: [{ fault: 'infinite', ms: 5 }] });
    const requests = several(10, { model: QWEN });
    const measurement = measurementOf(requests, { concurrency: 3 });
    const running = measurement.run();
    await expect.poll(() => simulator.stats().in_flight).toBe(3);
    measurement.obey({ type: 'stop', reason: 'interrupted', abort: true });
    await running;
    expect(main.taken.map(({ outcome }) => outcome)).toEqual(Array(3).fill('cancelled'));
    expect(main.unsent.map(([, reason]) => reason)).toEqual(Array(7).fill('interrupted'));
    await expect.poll(() => simulator.stats().in_flight).toBe(0);
  });

  test('stop before the start: nothing is sent', async () => {
    await start();
    const measurement = measurementOf(several(4, { model: QWEN }));
    measurement.obey({ type: 'stop', reason: 'interrupted', abort: true });
    await measurement.run();
    expect(main.unsent.map(([, reason]) => reason)).toEqual(Array(4).fill('interrupted'));
    expect(simulator.stats().requests).toBe(0);
  });

  test('stop while others wait for the budget names the interrupt', async () => {
    await start({ faults: [{ fault: 'infinite', ms: 5 }] });
    const requests = several(4, { model: QWEN, costUpperUsd: 1 });
    const measurement = measurementOf(requests, { runLimits: { ...RUN_LIMITS, costUsd: 1.5 } });
    const running = measurement.run();
    main.costUsd = 1;
    await expect.poll(() => simulator.stats().in_flight).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    measurement.obey({ type: 'stop', reason: 'interrupted', abort: true });
    await running;
    expect(main.taken.length).toBe(1);
    expect(main.unsent.map(([, reason]) => reason)).toEqual(Array(3).fill('interrupted'));
  });

  test('stop between two turns: the conversation goes no further', async () => {
    await start();
    const requests = turns(3, { model: QWEN });
    const measurement = measurementOf(requests);
    const tell = main.tell;
    main.tell = (command) => {
      if (command.type === 'turn')
        measurement.obey({ type: 'stop', reason: 'interrupted', abort: true });
      tell(command);
    };
    await measurement.run();
    expect(main.taken.length).toBe(1);
    expect(main.unsent.map(([, reason]) => reason)).toEqual(['interrupted', 'interrupted']);
  });

  test('skip leaves a model out from now on', async () => {
    await start();
    const requests = several(12, { model: QWEN });
    const measurement = measurementOf(requests, { concurrency: 1 });
    main.onTaken = () => measurement.obey({ type: 'skip', target: 'market', model: QWEN });
    await measurement.run();
    expect(main.taken.length).toBeLessThan(4);
    expect(main.taken.length + main.unsent.length).toBe(12);
  });
});
