import { describe, expect, test } from 'vitest';
import { buildPairedPlan, type Opponents } from '../../src/plan/pairs.ts';
import { withNonces } from '../../src/plan/plan.ts';
import type { PlannedRequest } from '../../src/plan/types.ts';
import { turnsGradedAtEnd } from '../../src/suite/turns.ts';
import { caseOf, modelOf, settingsOf, suiteOf, targetOf } from './fixtures.ts';

const ONE = modelOf('one');
const TWO = modelOf('two');
const SUITE = suiteOf('s', [caseOf('a'), caseOf('b'), caseOf('c')]);
const AGAINST_TWO: Opponents = {
  candidate: { target: 'market', model: ONE },
  baseline: { target: 'market', model: TWO },
};
const SAME: Opponents = { candidate: AGAINST_TWO.candidate, baseline: AGAINST_TWO.candidate };

function planOf(parts: Partial<Parameters<typeof buildPairedPlan>[0]> = {}) {
  return buildPairedPlan({
    suites: [SUITE],
    targets: [targetOf('market', [ONE, TWO])],
    settings: settingsOf(),
    opponents: [AGAINST_TWO],
    pairs: 40,
    ...parts,
  });
}

const measured = (requests: PlannedRequest[]) =>
  requests.filter(({ phase }) => phase === 'measure');

function pairsOf(requests: PlannedRequest[]): PlannedRequest[][] {
  const byName = new Map<string, PlannedRequest[]>();
  for (const request of measured(requests)) {
    const name = request.pairId ?? '';
    byName.set(name, [...(byName.get(name) ?? []), request]);
  }
  return [...byName.values()];
}

describe('a plan of pairs', () => {
  test('gives both arms of each pair the same case, one right after the other', () => {
    const { requests, rows } = planOf();
    const pairs = pairsOf(requests);
    expect(pairs).toHaveLength(40);
    for (const [first, second, ...more] of pairs) {
      expect(more).toEqual([]);
      expect(first?.caseId).toBe(second?.caseId);
      expect(first?.messages).toEqual(second?.messages);
      expect(new Set([first?.arm, second?.arm])).toEqual(new Set(['candidate', 'baseline']));
      expect(requests.indexOf(second as PlannedRequest)).toBe(
        requests.indexOf(first as PlannedRequest) + 1,
      );
    }
    for (const { arm, model } of measured(requests)) {
      expect(model).toBe(arm === 'candidate' ? 'one' : 'two');
    }
    expect(rows.map(({ model, planned }) => [model, planned])).toEqual([
      ['one', 40],
      ['two', 40],
    ]);
  });

  test('draws by the seed, for each pair anew, which arm goes first', () => {
    const firstsOf = (seed: string) =>
      pairsOf(planOf({ pairs: 400, settings: settingsOf({ seed }) }).requests).map(
        ([first]) => first?.arm,
      );
    const firsts = firstsOf('one');
    const candidates = firsts.filter((arm) => arm === 'candidate').length;
    expect(candidates).toBeGreaterThan(160);
    expect(candidates).toBeLessThan(240);
    const alike = firsts.filter((arm, index) => index > 0 && arm === firsts[index - 1]).length;
    expect(alike).toBeGreaterThan(160);
    expect(alike).toBeLessThan(240);
    expect(firstsOf('one')).toEqual(firsts);
    expect(firstsOf('two')).not.toEqual(firsts);
  });

  test('begins with the same pairs whatever their number', () => {
    const few = measured(planOf({ pairs: 10 }).requests);
    expect(measured(planOf().requests).slice(0, few.length)).toEqual(few);
  });

  test('cycles through the cases', () => {
    const repeats = measured(planOf().requests).map(({ caseId, repeat }) => `${caseId}/${repeat}`);
    expect(new Set(repeats).size).toBe(40);
  });

  test('gives every request a nonce of its own, all of one length', () => {
    const { requests } = withNonces(planOf(), 'abcd', [SUITE]);
    const nonces = requests.map(({ nonce }) => nonce ?? '');
    expect(new Set(nonces).size).toBe(requests.length);
    expect(new Set(nonces.map(({ length }) => length)).size).toBe(1);
  });

  test('holds a model against itself in one row', () => {
    const { rows, requests } = planOf({ opponents: [SAME] });
    expect(rows.map(({ model, planned }) => [model, planned])).toEqual([['one', 80]]);
    for (const [first, second] of pairsOf(requests)) expect(first?.arm).not.toBe(second?.arm);
  });

  test('pairs the turns of conversations, each held as a whole', () => {
    const talk = suiteOf('talk', [
      caseOf('t', { turns: turnsGradedAtEnd(['one', 'two', 'three'], []) }),
    ]);
    const { requests } = planOf({ suites: [talk], pairs: 8 });
    expect(pairsOf(requests).map((pair) => pair.map(({ turn }) => turn))).toEqual(
      [0, 1, 2, 0, 1, 2, 0, 1].map((turn) => [turn, turn]),
    );
    expect(requests.slice(0, 3).map(({ turn }) => turn)).toEqual([0, 1, 2]);
    expect(new Set(requests.slice(0, 3).map(({ arm }) => arm)).size).toBe(1);
  });

  test('warms each model up once, in however many comparisons it is', () => {
    const { requests } = planOf({
      settings: settingsOf({ warmup: 2 }),
      opponents: [AGAINST_TWO, SAME],
    });
    const warmup = requests.filter(({ phase }) => phase === 'warmup');
    expect(warmup.map(({ model, arm, pairId }) => [model, arm, pairId])).toEqual([
      ['one', null, null],
      ['one', null, null],
      ['two', null, null],
      ['two', null, null],
    ]);
    expect(new Set(requests.map(({ requestId }) => requestId)).size).toBe(requests.length);
  });

  test('hashes who is compared with whom, and not the seed or what bounds it', () => {
    const hash = planOf().planHash;
    const { runLimits } = settingsOf();
    const bounded = settingsOf({
      seed: 'x',
      repeat: 3,
      runLimits: { ...runLimits, durationMs: 9 },
    });
    expect(planOf({ settings: bounded }).planHash).toBe(hash);
    const turned = { candidate: AGAINST_TWO.baseline, baseline: AGAINST_TWO.candidate };
    for (const parts of [{ opponents: [turned] }, { opponents: [SAME] }, { pairs: 80 }]) {
      expect(planOf(parts).planHash).not.toBe(hash);
    }
  });
});
