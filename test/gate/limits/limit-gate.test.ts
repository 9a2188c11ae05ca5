import { describe, expect, test } from 'vitest';
import { LimitGate } from '../../../src/gate/limits/limit-gate.ts';
import type { RequestRecord } from '../../../src/metrics/types.ts';
import { evidenceOf } from '../../metrics/fixtures.ts';
import { limit, repliesAfter, shuffled, withFailures } from './fixtures.ts';

const SETTINGS = { alpha: 0.01, looks: [100, 200, 400] };
const gateOf = (texts: string[], tests = 1, settings = SETTINGS) =>
  new LimitGate(texts.map(limit), settings, tests);
const verdicts = (gate: LimitGate, records: RequestRecord[], last = false) =>
  gate.look(evidenceOf(records), last).map(({ verdict }) => verdict);

/** Larger and larger samples of the same: the true median is 500. */
const replies = (count: number) => repliesAfter(shuffled(1000).slice(0, count));

describe('a limit', () => {
  test('that all bounds keep, or miss, is decided at the first look', () => {
    const gate = gateOf(['ttft_ms:med<800', 'ttft_ms:med<200']);
    expect(gate.decided).toBe(false);
    expect(verdicts(gate, replies(100))).toEqual(['pass', 'fail']);
    expect(gate.decided).toBe(true);
  });

  test('between them is looked at again, while others stay as they were', () => {
    const gate = gateOf(['ttft_ms:med<800', 'ttft_ms:med<550']);
    const first = gate.look(evidenceOf(replies(100)), false);
    expect(first.map(({ verdict }) => verdict)).toEqual(['pass', 'inconclusive']);
    expect(first[1]?.looks).toEqual({ taken: 1, planned: 3 });
    expect(gate.decided).toBe(false);
    const second = gate.look(evidenceOf(replies(1000)), false);
    expect(second.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    expect(second.map(({ samples }) => samples.count)).toEqual([100, 1000]);
    expect(second.map(({ looks }) => looks.taken)).toEqual([1, 2]);
    expect(gate.decided).toBe(true);
  });

  test('that is still between them after the last look is left open', () => {
    const gate = gateOf(['ttft_ms:med<500']);
    for (const count of [100, 200, 400]) {
      expect(gate.decided).toBe(false);
      expect(verdicts(gate, replies(count))).toEqual(['inconclusive']);
    }
    expect(gate.decided).toBe(true);
    const found = gate.look(evidenceOf(repliesAfter(Array(1000).fill(1))), false);
    expect(found).toMatchObject([{ verdict: 'inconclusive', samples: { count: 400 } }]);
  });

  test('is over when nothing more will come', () => {
    const gate = gateOf(['ttft_ms:med<500']);
    expect(verdicts(gate, replies(100), true)).toEqual(['inconclusive']);
    expect(gate.decided).toBe(true);
  });

  test('may be passed by chance at each look, so each has its part of the level', () => {
    // SciPy: of 400 at 1 %, binom.sf(9, 400, 0.01) is 0.0081: below 1 %, not below a third of it.
    const records = withFailures(400, 10);
    const once = { ...SETTINGS, looks: [400] };
    expect(verdicts(gateOf(['error_rate<1%'], 1, once), records)).toEqual(['fail']);
    expect(verdicts(gateOf(['error_rate<1%']), records)).toEqual(['inconclusive']);
    expect(verdicts(gateOf(['error_rate<1%'], 2, once), records)).toEqual(['inconclusive']);
  });
});

test('the cost grows with the sample, and ends no check', () => {
  const dear = (count: number) => replies(count).map((one) => ({ ...one, cost_usd: 0.01 }));
  const gate = gateOf(['cost_usd<$1.50', 'ttft_ms:med<540']);
  expect(verdicts(gate, dear(100))).toEqual(['pass', 'inconclusive']);
  expect(verdicts(gate, dear(200))).toEqual(['fail', 'inconclusive']);
  const alone = gateOf(['cost_usd<$1.50']);
  expect(verdicts(alone, dear(100))).toEqual(['pass']);
  expect(alone.decided).toBe(true);
});

test('what means other rows is no finding here', () => {
  const gate = gateOf(['ttft_ms{model:other}:med<500', 'ttft_ms:med<800']);
  expect(gate.look(evidenceOf(replies(100)), false)).toMatchObject([{ verdict: 'pass' }]);
  expect(gate.decided).toBe(true);
});
