import { expect, test } from 'vitest';
import { growingPlan } from '../../src/check/growing.ts';
import type { Order } from '../../src/config/types.ts';
import { DEFAULT_GATE } from '../../src/gate/settings.ts';
import { parseThreshold, type Threshold } from '../../src/gate/thresholds.ts';
import { buildPlan } from '../../src/plan/plan.ts';
import { caseOf, modelOf, settingsOf, suiteOf, targetOf } from '../plan/fixtures.ts';

const SUITES = ['s', 't'].map((name) => suiteOf(name, [caseOf('a'), caseOf('b')]));
const TARGETS = [targetOf('market', [modelOf('one', { label: 'uno' }), modelOf('two')])];

function planFor(texts: string[], order: Order = 'parallel') {
  const settings = settingsOf({ warmup: 1, order });
  const thresholds = texts.map((text) => parseThreshold(text) as Threshold);
  const input = { suites: SUITES, targets: TARGETS, settings };
  return { input, ...growingPlan(input, { thresholds, settings: DEFAULT_GATE }) };
}

test('a growing plan holds what a limit means, warm-up and models alike', () => {
  const { plan, targets } = planFor(['error_rate{model:uno,suite:t}<1%']);
  expect(plan.rows.map(({ model, suite, planned }) => [model, suite, planned])).toEqual([
    ['one', 't', 8],
  ]);
  expect(plan.requests.map(({ phase, suite }) => `${phase} ${suite}`)).toEqual([
    'warmup t',
    ...Array(8).fill('measure t'),
  ]);
  expect(targets.map(({ models }) => models.map(({ name }) => name))).toEqual([['one']]);
});

test('it has the hash of no run, one of as many passes neither', () => {
  const { plan, input } = planFor(['error_rate<1%']);
  const four = buildPlan({ ...input, settings: { ...input.settings, repeat: 4 } });
  expect(plan.requests).toHaveLength(four.requests.length);
  expect(plan.planHash).not.toBe(four.planHash);
  expect(plan.parts.load).toMatchObject({ repeat: 4, growth: 4 });
});

test('no stage of another row stands in the midst of one whose rate is judged', () => {
  const order = (texts: string[]) =>
    planFor(texts)
      .plan.requests.filter(({ model, phase }) => model === 'one' && phase === 'measure')
      .map(({ suite }) => suite)
      .join('');
  expect(order(['error_rate<1%'])).toBe('ssttssttsssstttt');
  expect(order(['requests_per_second>1'])).toBe('sssssssstttttttt');
  expect(order(['error_rate<1%', 'requests_per_second{suite:s}>1'])).toBe('ttsssssssstttttt');
});

test('interleaved, rows stay mixed as a run has them where a rate is judged', () => {
  const { plan, input } = planFor(
    ['requests_per_second{suite:s}>1', 'error_rate<1%'],
    'interleaved',
  );
  const grown = buildPlan({ ...input, settings: { ...input.settings, repeat: 4 } });
  expect(plan.requests).toEqual(grown.requests);
});

test.each([
  ['error_rate{model:un}<1%', 'did you mean uno?'],
  ['error_rate{suite:elsewhere}<1%', 'there is suite s, t'],
])('%s, which means no row, is refused', (text, remedy) => {
  expect(() => planFor(['error_rate<1%', text])).toThrow(
    expect.objectContaining({ message: expect.stringContaining(text), remedy }),
  );
});
