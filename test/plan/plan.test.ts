import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunSettings } from '../../src/config/types.ts';
import { summarise } from '../../src/metrics/summary.ts';
import { buildPlan, type Plan, withNonces } from '../../src/plan/plan.ts';
import type { PlannedRequest } from '../../src/plan/types.ts';
import { NOT_ADDRESSED } from '../../src/suite/audience.ts';
import { turnsGradedAtEnd } from '../../src/suite/turns.ts';
import { caseOf, modelOf, NO_LIMITS, settingsOf, suiteOf, targetOf } from './fixtures.ts';

const SINGLES = suiteOf(
  'singles',
  Array.from({ length: 12 }, (_, i) => caseOf(`c${i}`)),
);
const TALKS = suiteOf('talks', [
  caseOf('short'),
  caseOf('long', {
    system: 'Be kind.',
    turns: turnsGradedAtEnd(['one', 'two', 'three'], [{ type: 'equals', value: 'x' }]),
  }),
  caseOf('pair', { turns: turnsGradedAtEnd(['one', 'two'], []) }),
]);
const TARGETS = [
  targetOf('market', [modelOf('a'), modelOf('b', { parameters: { temperature: 0 } })]),
  targetOf('other', [modelOf('a')]),
];

const build = (settings: Partial<RunSettings> = {}, suites = [SINGLES, TALKS]): Plan =>
  buildPlan({ suites, targets: TARGETS, settings: settingsOf(settings) });

const of = (plan: Plan, target: string, model: string, suite: string): PlannedRequest[] =>
  plan.requests.filter(
    (one) => one.target === target && one.model === model && one.suite === suite,
  );

describe('a plan', () => {
  test.each(['parallel', 'interleaved', 'sequential'] as const)(
    '%s: same seed, same list; another seed, another',
    (order) => {
      expect(build({ order, warmup: 2 })).toEqual(build({ order, warmup: 2 }));
      const other = build({ order, warmup: 2, seed: 'two' });
      expect(other.requests).not.toEqual(build({ order, warmup: 2 }).requests);
    },
  );

  test('names each request once, and each row', () => {
    const plan = build({ warmup: 3, repeat: 2 });
    const ids = plan.requests.map(({ requestId }) => requestId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(plan.rows.length).toBe(6);
    for (const { target, model, suite, planned } of plan.rows) {
      const measured = of(plan, target, model, suite).filter(({ phase }) => phase === 'measure');
      expect(measured.length).toBe(planned);
    }
  });

  test('every model gets the same cases in the same order, none of them sorted', () => {
    const plan = build();
    const order = (target: string, model: string) =>
      of(plan, target, model, 'singles').map(({ caseId }) => caseId);
    expect(order('market', 'b')).toEqual(order('market', 'a'));
    expect(order('other', 'a')).toEqual(order('market', 'a'));
    expect(order('market', 'a')).not.toEqual(SINGLES.cases.map(({ id }) => id));
    expect([...order('market', 'a')].sort()).toEqual(SINGLES.cases.map(({ id }) => id).sort());
  });

  test('asks a suite only of models it is meant for; of the others it has a row without requests', () => {
    const models = [modelOf('guard', { tags: ['classifier'] }), modelOf('chat')];
    const audience = (tags: string[], notTags: string[]) => ({ audience: { tags, notTags } });
    const suites = [
      { ...SINGLES, name: 'labels', ...audience(['classifier'], []) },
      { ...SINGLES, name: 'words', ...audience([], ['classifier']) },
      { ...TALKS, name: 'all', graded: { tags: [], notTags: ['classifier'] } },
    ];
    const targets = [targetOf('market', models)];
    const plan = buildPlan({ suites, targets, settings: settingsOf({ warmup: 2 }) });
    const asked = (model: string, suite: string) => of(plan, 'market', model, suite).length;
    expect([asked('guard', 'words'), asked('chat', 'labels')]).toEqual([0, 0]);
    const rows = summarise([], plan.rows, {}).filter(({ requests }) => requests.planned === 0);
    expect(rows).toMatchObject([
      { model: 'guard', suite: 'words', skipped_reason: NOT_ADDRESSED },
      { model: 'chat', suite: 'labels', skipped_reason: NOT_ADDRESSED },
    ]);
    for (const { estimates } of rows) {
      for (const estimate of Object.values(estimates)) expect(estimate.value).toBeNull();
    }

    // Where a model is asked but not graded, nothing is expected of it.
    expect(asked('guard', 'all')).toBe(asked('chat', 'all'));
    const expected = (model: string) =>
      of(plan, 'market', model, 'all').flatMap((request) => request.expect).length;
    expect(expected('guard')).toBe(0);
    expect(expected('chat')).toBeGreaterThan(0);
  });

  test('-n is exact, whatever the number, also where it cuts a conversation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.string(), (requests, seed) => {
        const plan = build({ seed, runLimits: { ...NO_LIMITS, requests } });
        for (const { target, model, suite } of plan.rows) {
          const sent = of(plan, target, model, suite);
          expect(sent.length).toBe(requests);
          for (const one of sent) expect(one.turn).toBeLessThan(one.turnCount);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('repeats go through all cases again, numbered', () => {
    const sent = of(build({ repeat: 3 }), 'market', 'a', 'singles');
    expect(sent.length).toBe(36);
    const repeats = sent.filter(({ caseId }) => caseId === 'c5').map(({ repeat }) => repeat);
    expect(repeats).toEqual([0, 1, 2]);
    const cycled = of(
      build({ runLimits: { ...NO_LIMITS, requests: 30 } }),
      'market',
      'a',
      'singles',
    );
    expect(cycled.map(({ repeat }) => repeat)).toEqual(cycled.map((_, i) => Math.floor(i / 12)));
  });

  test('warm-up requests are their own, and counted in no row', () => {
    const plan = build({ warmup: 4 });
    const warm = of(plan, 'market', 'a', 'talks').filter(({ phase }) => phase === 'warmup');
    expect(warm.length).toBe(4);
    // Single prompts where there are any.
    expect(warm.every(({ turnCount }) => turnCount === 1)).toBe(true);
    expect(plan.rows.find(({ suite }) => suite === 'talks')?.planned).toBe(6);
  });

  test('turns follow one another; only the last bears what is expected', () => {
    const talk = of(build(), 'market', 'a', 'talks').filter(({ caseId }) => caseId === 'long');
    expect(talk.map(({ turn }) => turn)).toEqual([0, 1, 2]);
    expect(new Set(talk.map(({ conversationId }) => conversationId)).size).toBe(1);
    expect(talk[0]?.messages).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'one' },
    ]);
    expect(talk[2]?.messages).toEqual([{ role: 'user', content: 'three' }]);
    expect(talk.map((one) => one.expect.length)).toEqual([0, 0, 1]);
  });

  test('interleaved: the same requests, turns in order, models mixed', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const plain = build({ seed, warmup: 2 });
        const mixed = build({ seed, warmup: 2, order: 'interleaved' });
        const ids = (plan: Plan) => plan.requests.map(({ requestId }) => requestId);
        expect(ids(mixed).sort()).toEqual(ids(plain).sort());
        const turns = new Map<string, number>();
        for (const { conversationId, turn } of mixed.requests) {
          expect(turn).toBe(turns.get(conversationId) ?? 0);
          turns.set(conversationId, turn + 1);
        }
        const firsts = mixed.requests.slice(0, 6).map((one) => `${one.target} ${one.model}`);
        expect(new Set(firsts).size).toBe(3);
      }),
      { numRuns: 30 },
    );
  });

  test('parameters of the model stand above those of the case', () => {
    const suite = suiteOf('s', [caseOf('c', { parameters: { temperature: 1, max_tokens: 7 } })]);
    const plan = build({}, [suite]);
    expect(of(plan, 'market', 'b', 's')[0]?.parameters).toEqual({ temperature: 0, max_tokens: 7 });
    expect(of(plan, 'market', 'a', 's')[0]?.parameters.temperature).toBe(1);
  });

  test('cycles only for a time without a number', () => {
    expect(build().cycle).toBe(false);
    expect(build({ runLimits: { ...NO_LIMITS, durationMs: 1000 } }).cycle).toBe(true);
    expect(build({ runLimits: { ...NO_LIMITS, durationMs: 1000, requests: 5 } }).cycle).toBe(false);
  });

  test('is plain data', () => {
    const plan = build();
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });
});

describe('nonces', () => {
  test('one for each conversation, of the suites that want one', () => {
    const quiet = suiteOf('quiet', [caseOf('q')], { nonce: false });
    const suites = [TALKS, quiet];
    const plan = withNonces(build({ repeat: 2 }, suites), 'fresh', suites);
    const talks = plan.requests.filter(({ suite }) => suite === 'talks');
    const conversations = new Set(talks.map(({ conversationId }) => conversationId));
    expect(new Set(talks.map(({ nonce }) => nonce)).size).toBe(conversations.size);
    expect(talks.every(({ nonce }) => nonce?.startsWith('fresh-') === true)).toBe(true);
    expect(
      plan.requests.filter((one) => one.suite === 'quiet').every((one) => one.nonce === null),
    ).toBe(true);
  });

  test('off: the plan as it was', () => {
    const plan = build();
    expect(withNonces(plan, null, [SINGLES, TALKS])).toBe(plan);
  });
});
