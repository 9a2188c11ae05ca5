import { expect, test } from 'vitest';
import { withComparableGrades } from '../../src/baseline/comparable-grades.ts';
import { baselineText } from '../../src/baseline/file-text.ts';
import { baselineOf } from '../../src/baseline/of-run.ts';
import { parseBaseline } from '../../src/baseline/parse.ts';
import type { Baseline } from '../../src/baseline/types.ts';
import { aRunsEvidence } from '../gate/history/histories.ts';
import { aManifest } from '../report/fixtures.ts';

const GRADING = {
  graders_version: 3,
  state: 'complete' as const,
  settings: {},
  right: 80,
  wrong: 20,
  ungraded: 0,
  not_run: {},
};

const PLAN = { plan_hash: '0'.repeat(64) };

function graded(): Baseline {
  const evidence = aRunsEvidence({ seed: 'graded', right: 0.8 });
  return baselineOf(aManifest({ ...PLAN, grading: GRADING }), evidence, ['ttft_ms']);
}

function readAgain(text: string): Baseline {
  const parsed = parseBaseline(text, 'file.json');
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.baseline;
}

test('a baseline keeps the score of each row, and whose graders gave it', () => {
  const baseline = graded();
  const again = readAgain(baselineText(baseline));
  expect(again).toEqual(baseline);
  expect(again.graders_version).toBe(3);
  expect(again.rows[0]?.estimates.score).toMatchObject({ value: 0.8, n: 100 });
});

test('a file of before scores is read as it was', () => {
  const evidence = aRunsEvidence({ seed: 'plain' });
  const plain = baselineOf(aManifest(PLAN), evidence, ['ttft_ms']);
  const text = baselineText(plain);
  expect(text).not.toContain('graders_version');
  expect(text).not.toContain('score');
  const again = readAgain(text);
  expect(again).toEqual(plain);
  expect(again.rows[0]?.estimates.score.value).toBeNull();
});

test('scores of other graders are no figures to hold against; latencies are', () => {
  const baseline = graded();
  expect(withComparableGrades(baseline, { graders_version: 3 })).toBe(baseline);
  const other = withComparableGrades(baseline, { graders_version: 4 });
  expect(other.rows[0]?.estimates.score.value).toBeNull();
  expect(other.rows[0]?.estimates.ttft_ms_p50).toEqual(baseline.rows[0]?.estimates.ttft_ms_p50);
});
