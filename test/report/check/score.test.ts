import { describe, expect, test } from 'vitest';
import { gradeMetric, parseGatedMetric } from '../../../src/gate/metric.ts';
import type { Pair } from '../../../src/gate/paired/pair.ts';
import { PairedGate } from '../../../src/gate/paired/paired-gate.ts';
import { DEFAULT_GATE } from '../../../src/gate/settings.ts';
import type { CheckResult, Finding } from '../../../src/gate/types.ts';
import { createRandom } from '../../../src/random.ts';
import { checkAnnotations } from '../../../src/report/check/annotations.ts';
import { checkBencher } from '../../../src/report/check/bencher.ts';
import { checkBenchmarkAction } from '../../../src/report/check/benchmark-action.ts';
import { checkJunit } from '../../../src/report/check/junit.ts';
import { checkMarkdown } from '../../../src/report/check/markdown-form.ts';
import { checkOpenmetrics } from '../../../src/report/check/openmetrics.ts';
import { renderCheck } from '../../../src/report/check/terminal.ts';
import { recordWith } from '../../gate/paired/fixtures.ts';
import { aGrade } from '../../metrics/fixtures.ts';
import { aResult } from './fixtures.ts';

/** What the gate finds of pairs of which a model has so many right; three of ten cases no model knows. */
function findingsOf(model: string, skill: number, other: number): Finding[] {
  const random = createRandom(model);
  const pairs: Pair[] = Array.from({ length: 400 }, (_, index) => {
    const place = { case_id: `case-${index}`, repeat: 0 };
    const isHard = index % 10 < 3;
    const side = (share: number, ms: number) =>
      recordWith({
        ...place,
        ttft_ms: ms * Math.exp(0.1 * random.normal()),
        grade: aGrade({ ...place, grade: !isHard && random.next() < share ? 'right' : 'wrong' }),
      });
    return { candidate: side(skill, 150), baseline: side(other, 300) };
  });
  const of = { form: 'paired', target: 'market', model, label: model, suite: 'reasoning' } as const;
  const ttft = parseGatedMetric('ttft_ms');
  if ('problem' in ttft) throw new Error(ttft.problem);
  const watched = [gradeMetric('score'), gradeMetric('ungraded_share')];
  const gates = [
    new PairedGate([ttft], DEFAULT_GATE, 6),
    new PairedGate(watched, DEFAULT_GATE, 6, true),
  ];
  const found = gates.flatMap((gate) => {
    let findings = gate.look([], false);
    for (const size of gate.looks) findings = gate.look(pairs.slice(0, size), false);
    return findings;
  });
  return found.map((finding) => ({ ...of, ...finding, against: 'production' }));
}

const FOUND = [...findingsOf('Quick', 0.7, 0.95), ...findingsOf('Unsure', 0.55, 0.6)];
const result: CheckResult = aResult({ verdict: 'fail', findings: FOUND });
const score = FOUND.find(({ metric, verdict }) => metric === 'score' && verdict === 'fail');

describe('a model that is faster, and worse', () => {
  test('is told so in the terminal, its score in the words of one of which more is better', async () => {
    const text = renderCheck(result, { columns: 100, colour: false });
    expect(text).toContain('Quick is worse than production');
    await expect(text).toMatchFileSnapshot('golden/score.txt');
  });

  test('in Markdown', async () => {
    await expect(checkMarkdown(result)).toMatchFileSnapshot('golden/score.md');
  });

  test('in JUnit: a failure; what is watched and open is skipped', () => {
    const xml = checkJunit(result);
    expect(xml).toMatch(/name="score against production"[\s\S]*?<failure message="fail: score/);
    expect(xml).toMatch(/<skipped message="advisory: score/);
  });

  test('in annotations', () => {
    const [line = ''] = checkAnnotations(result).split('\n');
    expect(line).toMatch(/^::error title=tokentape%3A Quick is worse::/);
    expect(line).toMatch(/score [\d.]+ → [\d.]+ %25, -[\d.]+ points/);
  });
});

describe('figures of a score', () => {
  test('are among those of which bigger is better', () => {
    const names = (better: 'lower' | 'higher') =>
      (JSON.parse(checkBenchmarkAction(result, better)) as { name: string; unit: string }[]).map(
        ({ name, unit }) => `${name} ${unit}`,
      );
    expect(names('higher')).toEqual([
      'market/Quick reasoning: score share',
      'market/Unsure reasoning: score share',
    ]);
    expect(names('lower')).toContain('market/Quick reasoning: ungraded_share share');
  });

  test('stand in Bencher’s form and in OpenMetrics', () => {
    expect(JSON.parse(checkBencher(result))['market/Quick reasoning'].score).toMatchObject({
      value: score?.value.value,
    });
    const metrics = checkOpenmetrics(result);
    expect(metrics).toMatch(/tokentape_change\{[^}]*metric="score"[^}]*\} -0\.\d+/);
    expect(metrics).toMatch(/tokentape_value\{[^}]*metric="ungraded_share"[^}]*\} 0/);
  });
});
