import { describe, expect, test } from 'vitest';
import { Backlog } from '../../src/load/backlog.ts';
import { conversationsOf, repeated } from '../../src/load/conversations.ts';
import { isRefusal, ModelGate } from '../../src/load/model-gate.ts';
import { SendQueue } from '../../src/load/send-queue.ts';
import { planned, turns } from './requests.ts';

describe('the backlog of tapes', () => {
  test('pauses sending at its cap, and lets all go on below it', async () => {
    const backlog = new Backlog(100);
    await backlog.room();
    backlog.add(60);
    await backlog.room();
    backlog.add(60);
    let passed = 0;
    const waiting = [1, 2, 3].map(() => backlog.room().then(() => (passed += 1)));
    await Promise.resolve();
    expect(passed).toBe(0);
    backlog.take(10);
    await Promise.resolve();
    expect(passed).toBe(0);
    backlog.take(50);
    await Promise.all(waiting);
    expect(backlog.pauses).toBe(3);
  });
});

describe('the queue of sends', () => {
  test('lets one pass per turn of the event loop, in order', async () => {
    const queue = new SendQueue();
    const log: string[] = [];
    const sends = [1, 2, 3, 4].map((n) => queue.turn().then(() => log.push(`send ${n}`)));
    // What the poll for input would bring comes between any two.
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      log.push('turn');
    }
    await Promise.all(sends);
    for (let i = 1; i < log.length; i++) {
      expect([log[i - 1], log[i]].every((line) => line?.startsWith('send'))).toBe(false);
    }
    expect(log.filter((line) => line !== 'turn')).toEqual(['send 1', 'send 2', 'send 3', 'send 4']);
  });

  test('works again after it ran empty', async () => {
    const queue = new SendQueue();
    await queue.turn();
    await queue.turn();
    await Promise.all([queue.turn(), queue.turn()]);
  });
});

describe('conversations', () => {
  test('group turns in order of first appearance, mixed or not', () => {
    const [one, two] = [turns(2), turns(3)];
    const single = planned();
    const mixed = [one[0], two[0], single, two[1], one[1], two[2]].flatMap((x) => (x ? [x] : []));
    const grouped = conversationsOf(mixed);
    expect(grouped.map((conversation) => conversation.turns)).toEqual([one, two, [single]]);
    expect(grouped.every(({ pass }) => pass === 0)).toBe(true);
  });

  test('repeat under names of their own, nonce included', () => {
    const [conversation] = conversationsOf(turns(2, { nonce: 'n', repeat: 1 }));
    if (conversation === undefined) throw new Error('no conversation');
    const again = repeated(conversation, 2, 3);
    expect(again.pass).toBe(2);
    expect(again.turns.map(({ requestId }) => requestId)).toEqual(
      conversation.turns.map(({ requestId }) => `${requestId}.2`),
    );
    expect(again.turns[0]).toMatchObject({ nonce: 'n.2', repeat: 7 });
    expect(new Set(again.turns.map(({ conversationId }) => conversationId)).size).toBe(1);
    expect(conversation.turns[0].repeat).toBe(1);
  });
});

describe('a model’s gate', () => {
  test('once refused stays refused; decided either way', async () => {
    const gate = new ModelGate();
    expect([gate.undecided, gate.closed]).toEqual([true, null]);
    gate.open();
    await gate.decided;
    gate.close('refused');
    gate.open();
    expect([gate.undecided, gate.closed]).toEqual([false, 'refused']);
  });

  test.each([
    [401, '', true],
    [403, '', true],
    [404, '', true],
    [400, '{"error":{"message":"Invalid model name passed in model=x"}}', true],
    [400, '{"error":{"message":"max_tokens is too large"}}', false],
    [429, '', false],
    [500, 'Invalid model name', false],
    [200, '', false],
    [null, '', false],
  ])('status %s with %j refuses: %s', (status, body, refusal) => {
    expect(isRefusal(status, Buffer.from(body))).toBe(refusal);
  });
});
