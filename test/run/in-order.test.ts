import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { inOrderOf } from '../../src/run/grading/in-order.ts';

describe('several at once', () => {
  test('are handed over in their order, each as soon as all before it are done', async () => {
    const begun: number[] = [];
    const handed: number[] = [];
    let atOnce = 0;
    let most = 0;
    await inOrderOf(
      [30, 1, 1, 20, 1, 1],
      3,
      async (ms) => {
        most = Math.max(most, ++atOnce);
        begun.push(ms);
        await wait(ms);
        atOnce -= 1;
        return 2 * ms;
      },
      (ms, doubled) => {
        expect(doubled).toBe(2 * ms);
        handed.push(ms);
      },
    );
    expect(handed).toEqual([30, 1, 1, 20, 1, 1]);
    expect(begun).toEqual(handed);
    expect(most).toBe(3);
  });

  test('end at the first failure, with what is under way', async () => {
    const handed: number[] = [];
    let ended = 0;
    const work = async (item: number) => {
      await wait(item);
      ended += 1;
      if (item === 2) throw new Error('no');
      return item;
    };
    const all = [1, 2, 30, 1, 1, 1];
    await expect(inOrderOf(all, 2, work, (item) => handed.push(item))).rejects.toThrow('no');
    expect(handed).toEqual([1]);
    expect(ended).toBe(3);
  });

  test('of none are none', async () => {
    await inOrderOf(
      [],
      4,
      () => Promise.reject(new Error('never')),
      () => {},
    );
  });
});
