import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budget } from '../../src/load/budget.ts';

const upper = (costUpperUsd: number | null, outputTokensUpper: number | null = null) => ({
  costUpperUsd,
  outputTokensUpper,
});

/** What a promise has come to by now; `'waiting'` where it has not. */
async function now<T>(promise: Promise<T>): Promise<T | 'waiting'> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
  return Promise.race([promise, Promise.resolve('waiting' as const)]);
}

describe('a budget', () => {
  test('without limits lets everything through', async () => {
    const budget = new Budget({ costUsd: null, outputTokens: null });
    expect(await budget.reserve('a', upper(1e9, 1e9))).toBeNull();
  });

  test('holds a request back while what is in flight could use it up, and lets it go after', async () => {
    const budget = new Budget({ costUsd: 1, outputTokens: null });
    expect(await budget.reserve('a', upper(0.8))).toBeNull();
    const second = budget.reserve('b', upper(0.8));
    expect(await now(second)).toBe('waiting');
    budget.settle('a', 0.1, 5);
    expect(await second).toBeNull();
  });

  test('is spent once nothing in flight can free any of it', async () => {
    const budget = new Budget({ costUsd: 1, outputTokens: null });
    await budget.reserve('a', upper(0.8));
    const waiting = [budget.reserve('b', upper(0.8)), budget.reserve('c', upper(0.8))];
    budget.settle('a', 0.8, 5);
    expect(await Promise.all(waiting)).toEqual(['max_cost', 'max_cost']);
  });

  test('a request that alone is too dear is refused at once', async () => {
    const budget = new Budget({ costUsd: 1, outputTokens: null });
    expect(await budget.reserve('a', upper(1.5))).toBe('max_cost');
  });

  test('counts tokens, and without an estimate expects the longest answer so far', async () => {
    const budget = new Budget({ costUsd: null, outputTokens: 100 });
    expect(await budget.reserve('a', upper(null))).toBeNull();
    budget.settle('a', 0, 40);
    expect(await budget.reserve('b', upper(null))).toBeNull();
    budget.settle('b', 0, 15);
    expect(await budget.reserve('c', upper(null))).toBeNull();
    // Were c as long as a, nothing would be left for d until c has ended.
    const d = budget.reserve('d', upper(null));
    budget.settle('c', 0, 10);
    expect(await d).toBe('max_tokens');
  });

  test('never oversteps: property over any prices, in any order of ends', async () => {
    const requests = fc.array(
      fc.record({
        upper: fc.integer({ min: 1, max: 60 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(
        requests,
        fc.integer({ min: 1, max: 200 }),
        fc.scheduler(),
        async (all, limit, scheduler) => {
          const budget = new Budget({ costUsd: limit, outputTokens: null });
          let spent = 0;
          let refused = 0;
          const runs = all.map(async (one, index) => {
            const id = String(index);
            if ((await budget.reserve(id, upper(one.upper))) !== null) {
              refused += 1;
              return;
            }
            await scheduler.schedule(Promise.resolve());
            const cost = one.upper * one.share;
            spent += cost;
            budget.settle(id, cost, 0);
          });
          await scheduler.waitFor(Promise.all(runs));
          expect(spent).toBeLessThanOrEqual(limit + 1e-9);
          // It refuses only what would not have fitted any more.
          const dearest = Math.max(...all.map((one) => one.upper));
          if (refused > 0) expect(spent + dearest).toBeGreaterThan(limit);
        },
      ),
      { numRuns: 60 },
    );
  });
});
