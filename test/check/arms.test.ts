import { describe, expect, test } from 'vitest';
import { type Candidates, findBaseline, opponentsOf, targetsOfBoth } from '../../src/check/arms.ts';
import type { Target } from '../../src/config/types.ts';
import type { ListedTarget } from '../../src/plan/plan.ts';
import { modelOf, targetOf } from '../plan/fixtures.ts';

const R1 = modelOf('DeepSeek-R1', { label: 'r1' });
const QWEN = modelOf('Qwen', { label: 'qwen' });
const OTHERS = modelOf('org/Llama', { label: 'llama' });

const TARGETS: Record<string, Target> = {
  market: targetOf('market', [R1, QWEN]),
  staging: targetOf('staging', [R1, QWEN, OTHERS]),
  local: { ...targetOf('local', []), models: 'subscribed' },
};

/** Candidates of one target, with what an endpoint lists where it is asked. */
function compare(word: string, target = 'market', models?: string[], listed = [R1, QWEN]) {
  const whole = TARGETS[target] as Target;
  const asked = (whole.models as (typeof R1)[]).filter?.(
    ({ label }) => models?.includes(label) ?? true,
  );
  const from: Candidates = {
    targets: [asked === undefined ? whole : { ...whole, models: asked }],
    whole: [whole],
    targetNames: Object.keys(TARGETS),
    configured: [{ name: 'DeepSeek-R1', alias: 'r1' }],
    resolveTarget: (name) => TARGETS[name] as Target,
  };
  const baseline = findBaseline(word, from);
  const both = targetsOfBoth(from, baseline).map(
    (one): ListedTarget => ({ ...one, models: one.models === 'subscribed' ? listed : one.models }),
  );
  const opponents = opponentsOf(from, baseline, new Map(both.map((one) => [one.name, one])));
  return opponents.map(
    ({ candidate, baseline: { target: where, model } }) =>
      `${candidate.target}/${candidate.model.label} : ${where}/${model.label}`,
  );
}

describe('--against', () => {
  test.each([
    ['a model by its alias: all others against it', 'r1', ['market/qwen : market/r1']],
    ['a model by its name', 'DeepSeek-R1', ['market/qwen : market/r1']],
    [
      'a target: each model against its like',
      'staging',
      ['market/r1 : staging/r1', 'market/qwen : staging/qwen'],
    ],
    ['both', 'staging/llama', ['market/r1 : staging/llama', 'market/qwen : staging/llama']],
    [
      'a model whose name holds a slash',
      'staging/org/Llama',
      ['market/r1 : staging/llama', 'market/qwen : staging/llama'],
    ],
  ])('names %s', (_, word, expected) => {
    expect(compare(word)).toEqual(expected);
  });

  test('names the only candidate itself', () => {
    expect(compare('r1', 'market', ['r1'])).toEqual(['market/r1 : market/r1']);
  });

  test('names its own target: every model against itself', () => {
    expect(compare('market')).toEqual(['market/r1 : market/r1', 'market/qwen : market/qwen']);
  });

  test('names a model that was not asked for as a candidate', () => {
    expect(compare('r1', 'market', ['qwen'])).toEqual(['market/qwen : market/r1']);
  });

  test('names a model of an endpoint that tells what it serves', () => {
    expect(compare('r1', 'local')).toEqual(['local/qwen : local/r1']);
    expect(compare('Unlisted', 'local', undefined, [QWEN])).toEqual([
      'local/qwen : local/Unlisted',
    ]);
  });

  test('names a target that tells what it serves', () => {
    expect(compare('local', 'market')).toEqual([
      'market/r1 : local/r1',
      'market/qwen : local/qwen',
    ]);
  });

  test.each([
    ['r2', 'did you mean r1?'],
    ['stagin', 'did you mean staging?'],
    ['staging/lama', 'did you mean staging/llama?'],
    ['whatever', 'known: r1, DeepSeek-R1, qwen, Qwen, market, staging, local'],
  ])('refuses %s', (word, remedy) => {
    expect(() => compare(word)).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining(remedy) }),
    );
  });

  test('refuses a target that lacks a candidate', () => {
    expect(() => compare('market', 'staging')).toThrow('market has no model llama');
  });
});
