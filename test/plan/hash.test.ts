import { describe, expect, test } from 'vitest';
import type { RunSettings } from '../../src/config/types.ts';
import { hashOf } from '../../src/plan/hash.ts';
import { buildPlan, withNonces } from '../../src/plan/plan.ts';
import { turnsGradedAtEnd } from '../../src/suite/turns.ts';
import { caseOf, modelOf, NO_LIMITS, settingsOf, suiteOf, targetOf } from './fixtures.ts';

const suite = suiteOf('s', [caseOf('x'), caseOf('y'), caseOf('z')]);
const targets = [targetOf('market', [modelOf('a'), modelOf('b')])];

const hashes = (settings: Partial<RunSettings>, input = { suites: [suite], targets }) => {
  const { planHash, promptsHash } = buildPlan({ ...input, settings: settingsOf(settings) });
  return { planHash, promptsHash };
};

const base = hashes({});

describe('plan_hash', () => {
  const SAME: [string, Partial<RunSettings>][] = [
    ['the seed', { seed: 'another' }],
    ['the nonce', { nonce: false }],
    ['where results go', { outputDir: 'elsewhere' }],
    ['what is kept', { keepTapes: false, keepText: false }],
    ['the objectives', { slo: { ttft_ms: 1 } }],
  ];
  test.each(SAME)('does not see %s', (_what, settings) => {
    expect(hashes(settings).planHash).toBe(base.planHash);
  });

  const OTHER: [string, Partial<RunSettings>][] = [
    ['concurrency', { concurrency: 5 }],
    ['order', { order: 'interleaved' }],
    ['repeats', { repeat: 2 }],
    ['warm-up', { warmup: 1 }],
    ['a number of requests', { runLimits: { ...NO_LIMITS, requests: 2 } }],
    ['a duration', { runLimits: { ...NO_LIMITS, durationMs: 1 } }],
  ];
  test.each(OTHER)('sees %s', (_what, settings) => {
    expect(hashes(settings).planHash).not.toBe(base.planHash);
  });

  test('sees suites, models and parameters', () => {
    const changed = [
      { suites: [suiteOf('s', suite.cases, { hash: 'edited' })], targets },
      { suites: [suite], targets: [targetOf('market', [modelOf('a')])] },
      {
        suites: [suite],
        targets: [
          targetOf('market', [modelOf('a', { parameters: { temperature: 0 } }), modelOf('b')]),
        ],
      },
    ];
    for (const input of changed) expect(hashes({}, input).planHash).not.toBe(base.planHash);
  });
});

describe('prompts_hash', () => {
  test('sees the prompts and their order, so the seed too', () => {
    const seeds = ['one', 'two', 'three', 'four'].map((seed) => hashes({ seed }).promptsHash);
    expect(new Set(seeds).size).toBeGreaterThan(1);
    const edited = suiteOf('s', [
      caseOf('x', { turns: turnsGradedAtEnd(['edited'], []) }),
      ...suite.cases.slice(1),
    ]);
    expect(hashes({}, { suites: [edited], targets }).promptsHash).not.toBe(base.promptsHash);
  });

  test('does not see the nonce, the models or the shape of load', () => {
    expect(
      hashes({ nonce: false, concurrency: 9, order: 'sequential', warmup: 2 }).promptsHash,
    ).toBe(base.promptsHash);
    const one = { suites: [suite], targets: [targetOf('market', [modelOf('c')])] };
    expect(hashes({}, one).promptsHash).toBe(base.promptsHash);
    const plan = buildPlan({ suites: [suite], targets, settings: settingsOf() });
    expect(withNonces(plan, 'fresh', [suite]).promptsHash).toBe(base.promptsHash);
  });
});

test('a hash does not depend on the order of keys, but on that of lists', () => {
  expect(hashOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(
    hashOf({ b: { d: null, c: [1, 2] }, a: 1 }),
  );
  expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]));
  expect(hashOf({ a: null })).not.toBe(hashOf({}));
  expect(hashOf('x')).toMatch(/^[0-9a-f]{64}$/);
});
