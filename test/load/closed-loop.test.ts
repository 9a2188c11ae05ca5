import { describe, expect, test } from 'vitest';
import { type Lane, type LaneEffects, runClosedLoop } from '../../src/load/closed-loop.ts';
import type { Conversation } from '../../src/load/conversations.ts';
import { ModelGate } from '../../src/load/model-gate.ts';
import type { UnsentReason } from '../../src/load/protocol.ts';
import type { PlannedRequest } from '../../src/plan/types.ts';
import { planned, several, turns } from './requests.ts';

/** A marketplace without a network: what was asked of it, and when, by an event count for a clock. */
class Stage implements LaneEffects {
  /** `+id` where a conversation began, `-id` where it ended. */
  readonly log: string[] = [];
  readonly unsentIds: [string, UnsentReason][] = [];
  readonly refusing = new Set<string>();
  inFlight = 0;
  maxInFlight = 0;
  stopAfter = Infinity;
  begun = 0;
  readonly #gates = new Map<string, ModelGate>();
  #clock = 0;

  async converse({ turns: [request] }: Conversation, slotFreeAtMs: number): Promise<void> {
    expect(slotFreeAtMs).toBeLessThanOrEqual(this.#clock);
    this.begun += 1;
    this.inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    this.log.push(`+${request.requestId}`);
    await new Promise((resolve) => setImmediate(resolve));
    const gate = this.gateOf(request);
    if (this.refusing.has(request.model)) gate.close('refused');
    else gate.open();
    await new Promise((resolve) => setImmediate(resolve));
    this.log.push(`-${request.requestId}`);
    this.inFlight -= 1;
  }

  gateOf({ model }: PlannedRequest): ModelGate {
    const gate = this.#gates.get(model) ?? new ModelGate();
    this.#gates.set(model, gate);
    return gate;
  }

  obstacle(request: PlannedRequest): UnsentReason | null {
    if (this.begun >= this.stopAfter) return 'duration';
    return this.gateOf(request).closed;
  }

  unsent(request: PlannedRequest, reason: UnsentReason): void {
    this.unsentIds.push([request.requestId, reason]);
  }

  now(): number {
    this.#clock += 1;
    return this.#clock;
  }

  get begunIds(): string[] {
    return this.log.filter((line) => line.startsWith('+')).map((line) => line.slice(1));
  }
}

async function play(
  requests: PlannedRequest[],
  lane: Partial<Lane> = {},
  stage = new Stage(),
): Promise<Stage> {
  await runClosedLoop({ requests, concurrency: 2, cycle: false, ...lane }, stage);
  return stage;
}

const idsOf = (requests: PlannedRequest[]): string[] => requests.map((one) => one.requestId);

describe('a closed loop', () => {
  test.each([1, 2, 3, 8])('with %i slots fills them, and never more', async (concurrency) => {
    const requests = several(20);
    const stage = await play(requests, { concurrency });
    expect(stage.maxInFlight).toBe(concurrency);
    expect(stage.begunIds).toEqual(idsOf(requests));
    expect(stage.unsentIds).toEqual([]);
  });

  test('an empty plan ends', async () => {
    for (const cycle of [false, true]) expect((await play([], { cycle })).log).toEqual([]);
  });

  test('the first request of a model goes alone', async () => {
    const requests = several(6);
    const { log } = await play(requests, { concurrency: 4 });
    // The gate opens between the first request's beginning and its end.
    expect(log[0]).toBe(`+${requests[0]?.requestId}`);
    const others = new Stage();
    const gate = others.gateOf(requests[0] as PlannedRequest);
    const running = play(requests, { concurrency: 4 }, others);
    await Promise.resolve();
    expect(others.begunIds.length).toBeLessThanOrEqual(1);
    expect(gate.undecided).toBe(true);
    await running;
  });

  test('a refused model costs one request; the rest is reported, in order', async () => {
    const requests = several(9);
    const stage = new Stage();
    stage.refusing.add('a');
    await play(requests, { concurrency: 4 }, stage);
    expect(stage.begunIds).toEqual([requests[0]?.requestId]);
    expect(stage.unsentIds).toEqual(idsOf(requests.slice(1)).map((id) => [id, 'refused']));
  });

  test('interleaved: each model is probed once, the refused one leaves the others alone', async () => {
    const requests = Array.from({ length: 12 }, (_, i) => planned({ model: 'abc'[i % 3] ?? 'a' }));
    const stage = new Stage();
    stage.refusing.add('b');
    await play(requests, { concurrency: 3 }, stage);
    const begun = requests.filter((one) => stage.begunIds.includes(one.requestId));
    expect(begun.filter(({ model }) => model === 'b').length).toBe(1);
    expect(begun.length).toBe(9);
    expect(stage.unsentIds.length).toBe(3);
    expect(stage.maxInFlight).toBe(3);
  });

  test.each([false, true])(
    'interleaved: a model that is silent holds only its own requests back, cycling %s',
    async (cycle) => {
      const requests = Array.from({ length: 12 }, (_, i) =>
        planned({ model: 'abc'[i % 3] ?? 'a' }),
      );
      const ofOthers = requests.filter(({ model }) => model !== 'b').length;
      const stage = new Stage();
      const { converse } = stage;
      let answer = (): void => {};
      const silence = new Promise<void>((resolve) => {
        answer = resolve;
      });
      stage.converse = async (conversation, slotFreeAtMs) => {
        const isSilent =
          conversation.turns[0].model === 'b' && stage.gateOf(conversation.turns[0]).undecided;
        if (isSilent) {
          stage.log.push('+silent');
          await silence;
        }
        await converse.call(stage, conversation, slotFreeAtMs);
      };
      stage.stopAfter = cycle ? 60 : Infinity;
      const running = play(requests, { concurrency: 3, cycle }, stage);
      await expect.poll(() => stage.begun).toBeGreaterThanOrEqual(ofOthers);
      expect(stage.begunIds.filter((id) => id === 'silent').length).toBe(1);
      const silent = requests.filter(({ model }) => model === 'b');
      expect(stage.begunIds.filter((id) => silent.some((one) => one.requestId === id))).toEqual([]);
      answer();
      await running;
      const left = stage.unsentIds.map(([id]) => id);
      const sent = stage.begunIds.filter((id) => id !== 'silent' && !id.includes('.'));
      expect([...sent, ...left].sort()).toEqual(idsOf(requests).sort());
      if (!cycle) expect(left).toEqual([]);
    },
  );

  test('more models than slots are probed without a deadlock', async () => {
    const requests = Array.from({ length: 24 }, (_, i) => planned({ model: `m${i % 12}` }));
    const stage = await play(requests, { concurrency: 2 });
    expect(stage.begun).toBe(24);
    expect(stage.maxInFlight).toBe(2);
  });

  test('warm-up ends before measuring begins', async () => {
    const measured = several(6);
    const warmup = several(3, { phase: 'warmup' });
    const { log } = await play([...measured.slice(0, 3), ...warmup, ...measured.slice(3)]);
    const warm = new Set(idsOf(warmup));
    const lastWarm = log.findLastIndex((line) => warm.has(line.slice(1)));
    expect(log.slice(0, lastWarm + 1).every((line) => warm.has(line.slice(1)))).toBe(true);
    expect(log.length).toBe(18);
  });

  test('a model refused in the warm-up is not measured', async () => {
    const stage = new Stage();
    stage.refusing.add('a');
    await play([...several(2, { phase: 'warmup' }), ...several(3)], {}, stage);
    expect(stage.begun).toBe(1);
    expect(stage.unsentIds.length).toBe(4);
  });

  test('a conversation takes one slot', async () => {
    const stage = await play([...turns(3), ...turns(2)], { concurrency: 1 });
    expect(stage.begun).toBe(2);
  });

  test('what throws comes out, and nobody waits for ever', async () => {
    const stage = new Stage();
    stage.converse = () => Promise.reject(new Error('a bug'));
    await expect(play(several(4), {}, stage)).rejects.toThrow('a bug');
  });
});

describe('cycling', () => {
  test('starts over until the obstacle; repeats bear names of their own, and are not reported', async () => {
    const requests = several(3);
    const stage = new Stage();
    stage.stopAfter = 10;
    await play(requests, { cycle: true }, stage);
    expect(stage.begun).toBe(10);
    expect(new Set(stage.begunIds).size).toBe(10);
    expect(stage.begunIds.slice(3, 6)).toEqual(idsOf(requests).map((id) => `${id}.1`));
    expect(stage.unsentIds).toEqual([]);
  });

  test('time up in the first pass: the rest of it is reported', async () => {
    const requests = several(6);
    const stage = new Stage();
    stage.stopAfter = 2;
    await play(requests, { cycle: true, concurrency: 1 }, stage);
    expect(stage.unsentIds).toEqual(idsOf(requests.slice(2)).map((id) => [id, 'duration']));
  });

  test('one refused model does not end the others’ time', async () => {
    const requests = Array.from({ length: 4 }, (_, i) => planned({ model: 'ab'[i % 2] ?? 'a' }));
    const stage = new Stage();
    stage.refusing.add('a');
    stage.stopAfter = 20;
    await play(requests, { cycle: true }, stage);
    expect(stage.begun).toBe(20);
    expect(stage.unsentIds.length).toBe(1);
  });

  test('all refused: the end', async () => {
    const requests = Array.from({ length: 6 }, (_, i) => planned({ model: 'ab'[i % 2] ?? 'a' }));
    const stage = new Stage();
    stage.refusing.add('a').add('b');
    await play(requests, { cycle: true }, stage);
    expect(stage.begun).toBe(2);
    expect(stage.unsentIds.length).toBe(4);
  });

  test('the warm-up is not cycled', async () => {
    const stage = new Stage();
    stage.stopAfter = 8;
    await play([...several(2, { phase: 'warmup' }), ...several(2)], { cycle: true }, stage);
    const ids = stage.begunIds;
    expect(ids.slice(0, 2).every((id) => !id.includes('.'))).toBe(true);
    expect(ids.filter((id) => id.includes('.')).length).toBe(4);
  });
});

describe('pairs', () => {
  const pair = (name: string, models: [string, string] = ['a', 'b']) =>
    models.map((model, index) =>
      planned({
        requestId: `${name}${index}`,
        pairId: name,
        arm: index === 0 ? 'candidate' : 'baseline',
        model,
      }),
    );
  const several = (...names: string[]) => names.flatMap((name) => pair(name));

  test('both arms run one right after the other in one slot, several pairs at once', async () => {
    const stage = await play(several('p', 'q', 'r', 's'), { concurrency: 2 });
    for (const name of ['p', 'q', 'r', 's']) {
      const own = stage.log.filter((line) => line.slice(1).startsWith(name));
      expect(own).toEqual([`+${name}0`, `-${name}0`, `+${name}1`, `-${name}1`]);
    }
    expect(stage.maxInFlight).toBe(2);
  });

  test('the first pair goes alone until both of its models are known', async () => {
    const stage = await play(several('p', 'q', 'r'), { concurrency: 3 });
    expect(stage.log.slice(0, 3)).toEqual(['+p0', '-p0', '+p1']);
  });

  test('cycling, they wait for the second of their models too', async () => {
    const stage = new Stage();
    stage.stopAfter = 12;
    await play(several('p', 'q'), { concurrency: 3, cycle: true }, stage);
    expect(stage.log.slice(0, 3)).toEqual(['+p0', '-p0', '+p1']);
    expect(stage.begun).toBeGreaterThanOrEqual(12);
  });

  test('where one arm is refused, the other is not sent either', async () => {
    const stage = new Stage();
    stage.refusing.add('a');
    await play(several('p', 'q', 'r'), { concurrency: 2 }, stage);
    expect(stage.begunIds).toEqual(['p0', 'p1']);
    expect(stage.unsentIds).toEqual([
      ['q0', 'refused'],
      ['q1', 'pair'],
      ['r0', 'refused'],
      ['r1', 'pair'],
    ]);
  });

  test('a model is held against itself', async () => {
    const same = ['p', 'q'].flatMap((name) => pair(name, ['a', 'a']));
    const stage = await play(same, { concurrency: 2 });
    expect(stage.begunIds.sort()).toEqual(['p0', 'p1', 'q0', 'q1']);
  });

  test('conversations of a pair are held as a whole, their turns in pairs of their own', async () => {
    const arms = (['candidate', 'baseline'] as const).map((arm) =>
      turns(2, { requestId: arm, model: arm, arm }).map((one) => ({
        ...one,
        conversationId: arm,
        pairId: `p${one.turn}`,
      })),
    );
    const stage = await play(arms.flat(), { concurrency: 2 });
    expect(stage.begunIds).toEqual(['candidatet0', 'baselinet0']);
    expect(stage.maxInFlight).toBe(1);
  });
});
