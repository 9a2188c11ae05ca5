import { describe, expect, test } from 'vitest';
import { gradeMetric, parseGatedMetric } from '../../../src/gate/metric.ts';
import { powerOf } from '../../../src/gate/power/power.ts';
import { ScoreNoise } from '../../../src/gate/power/score-noise.ts';
import { readPowerWishes } from '../../../src/gate/power/wishes.ts';
import { DEFAULT_GATE } from '../../../src/gate/settings.ts';
import { Summariser } from '../../../src/metrics/summary.ts';
import { createRandom } from '../../../src/random.ts';
import { changeWords } from '../../../src/report/power/words.ts';
import { aGrade } from '../../metrics/fixtures.ts';
import { pairedRecords, sourcesOf } from './pilots.ts';

/** A pilot of so many pairs, of which a share differs, as often one way as the other. */
function answer(count: number, differing: number, { metric = 'score', changes = [0.1] } = {}) {
  const random = createRandom(`pilot/${count}/${differing}`);
  const records = pairedRecords(count, 0.1);
  const wrong = new Set(
    Array.from({ length: count }, (_, index) => {
      if (random.next() >= differing) return '';
      return `${random.next() < 0.5 ? 'candidate' : 'baseline'}-${index}`;
    }),
  );
  const graded = records.map((record, index) => {
    const { request_id, arm, pair_id } = record;
    const place = { request_id, case_id: `case-${Math.floor(index / 2)}`, repeat: 0 };
    const grade = aGrade({
      ...place,
      ...(arm && { arm }),
      ...(pair_id && { pair_id }),
      grade: wrong.has(request_id) ? 'wrong' : 'right',
    });
    return { ...record, ...place, grade };
  });
  const summariser = new Summariser({});
  for (const record of graded) {
    summariser.add(record);
    summariser.addGrade(record.grade);
  }
  const metrics = [parseGatedMetric(metric)].flatMap((one) => ('problem' in one ? [] : [one]));
  return powerOf(
    {
      sources: sourcesOf(graded),
      evidence: summariser.evidence([]),
      concurrency: 4,
      sideBySide: true,
    },
    [],
    [],
    { settings: { ...DEFAULT_GATE, metrics }, changes, certainty: 0.95, seed: 'test' },
  );
}

const RULE = {
  alpha: 0.003,
  least: 0.05,
  pass: { alpha: 0.003, below: 0.1 },
  earlier: [0.25, 0.5],
};

describe('the pairs that a score takes', () => {
  test('are the more the more answers differ by chance', () => {
    const needed = [0.05, 0.2].map((share) =>
      new ScoreNoise(200 * share, 200).pairsNeeded(0.1, RULE, 0.95),
    );
    const [few = 0, many = 0] = needed.map(({ value }) => value ?? 0);
    expect(few).toBeGreaterThan(100);
    expect(few).toBeLessThan(400);
    expect(many).toBeGreaterThan(1.3 * few);
  });

  test('are those that the gate’s own looks bear out', () => {
    const [metric] = answer(400, 0.05, { changes: [0.2] }).rows[0]?.metrics ?? [];
    expect(metric).toMatchObject({ metric: 'score', unknown: null });
    expect(metric?.unchanged?.fail).toBeLessThan(0.01);
    expect(metric?.changes[0]?.at_looks.fail).toBeGreaterThan(0.99);
    expect(metric?.smallest_change).toBeGreaterThan(0.05);
    expect(metric?.smallest_change).toBeLessThan(0.12);
  });

  test('of a change that does not fail are none', () => {
    const noise = new ScoreNoise(10, 100);
    expect(noise.pairsNeeded(0.05, RULE, 0.95).value).toBeNull();
    expect(noise.pairsNeeded(0.12, RULE, 0.95).value).toBeGreaterThan(100);
  });

  test('cost and take as long as those of other metrics, and watched scores share α', () => {
    const asked = answer(100, 0.1);
    expect(asked.rows[0]?.most).toMatchObject({ requests: 800 });
    expect(asked.tests).toBe(2);
    expect(answer(100, 0.1, { metric: 'ttft_ms' }).tests).toBe(3);
  });

  test('are not known where each case was sent once', () => {
    const records = pairedRecords(60, 0.1).map(({ pair_id: _, arm: __, ...record }, index) => ({
      ...record,
      case_id: `case-${index}`,
      grade: aGrade({ request_id: record.request_id, case_id: `case-${index}` }),
    }));
    const settings = { ...DEFAULT_GATE, metrics: [gradeMetric('score')] };
    const found = powerOf(
      { sources: sourcesOf(records), evidence: [], concurrency: 4, sideBySide: true },
      [],
      [],
      { settings, changes: [0.1], certainty: 0.95, seed: 'test' },
    );
    expect(found.rows[0]?.metrics[0]?.unknown).toContain('--repeat 2');
  });
});

test('changes of a score are points, downwards', () => {
  const read = readPowerWishes({ change: ['5pp', '-10 points', '8%'], certainty: '95%' });
  expect(read).toMatchObject({ problems: [], wishes: { changes: [0.05, 0.1, 0.08] } });
  expect(changeWords('score', 0.05)).toBe('-5 pt');
  expect(changeWords('ungraded_share', 0.05)).toBe('+5 pt');
});
