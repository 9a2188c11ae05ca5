import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json.ts';
import { jsonPlan } from '../../../src/score/graders/json-plan.ts';
import { planSchema } from '../../../src/suite/plan-schema.ts';
import { LIMITS, replied } from '../replies.ts';

const TEA = {
  steps_min: 4,
  steps_max: 4,
  required_actions: ['boil', 'leaves', 'pour', 'serve'],
  must_precede: [
    ['boil', 'pour'],
    ['leaves', 'pour'],
    ['pour', 'serve'],
  ],
  independent: [['boil', 'leaves']],
  forbidden_actions: ['sugar'],
};

type Row = [id: string | number, action: string, dependsOn?: unknown, start?: number];

const plan = (...rows: Row[]) =>
  JSON.stringify({
    steps: rows.map(([id, action, depends_on, start]) => ({ id, action, depends_on, start })),
  });
const grade = (text: string, value: JsonObject, finishReason = 'stop') =>
  jsonPlan(replied(text, { finishReason }), { type: 'json-plan', value }, LIMITS);

const RIGHT = plan(
  ['s1', 'boil', []],
  ['s2', 'leaves', []],
  ['s3', 'pour', ['s1', 's2']],
  ['s4', 'serve', ['s3']],
);

describe('a plan with dependencies', () => {
  test.each<[string, string]>([
    ['as it should be', RIGHT],
    ['in prose', `Here is my plan: ${RIGHT} Enjoy!`],
    ['in a fence', `\`\`\`json\n${RIGHT}\n\`\`\``],
    ['the last of two', `${plan(['s1', 'boil', []])} no, rather:\n${RIGHT}`],
    ['other JSON around it', `[1] ${RIGHT} {"note": "done"}`],
    ['a list without its object', JSON.stringify(JSON.parse(RIGHT).steps)],
    ['numbers for ids', plan([1, 'boil'], [2, 'leaves'], [3, 'pour', [1, 2]], [4, 'serve', 3])],
    [
      'listed out of order',
      plan(
        ['a', 'serve', ['b']],
        ['b', 'pour', ['c', 'd']],
        ['c', 'boil', []],
        ['d', 'leaves', []],
      ),
    ],
    [
      'waits named that follow from others',
      plan(
        ['s1', 'boil', []],
        ['s2', 'leaves', []],
        ['s3', 'pour', ['s1', 's2']],
        ['s4', 'serve', ['s1', 's2', 's3']],
      ),
    ],
    ['a trailing comma', RIGHT.replace(/\]\}$/, ',]}')],
  ])('is right: %s', (_, text) => {
    expect(grade(text, TEA)).toMatchObject({ mark: 'right', score: 1, reason: null });
  });

  test.each<[string, string, string]>([
    [
      'a wait missing',
      plan(
        ['s1', 'boil', []],
        ['s2', 'leaves', []],
        ['s3', 'pour', ['s2']],
        ['s4', 'serve', ['s3']],
      ),
      'pour does not wait for boil',
    ],
    [
      'a wait too many',
      plan(
        ['s1', 'boil', []],
        ['s2', 'leaves', ['s1']],
        ['s3', 'pour', ['s1', 's2']],
        ['s4', 'serve', ['s3']],
      ),
      'boil and leaves wait for one another',
    ],
    [
      'the wrong way round',
      plan(
        ['s1', 'boil', []],
        ['s2', 'leaves', []],
        ['s3', 'pour', ['s1', 's2', 's4']],
        ['s4', 'serve', []],
      ),
      'serve does not wait for pour',
    ],
    [
      'a step missing',
      plan(['s1', 'boil', []], ['s3', 'pour', ['s1']], ['s4', 'serve', ['s3']]),
      'has 3 steps, fewer than 4, and 3 more',
    ],
    [
      'what is forbidden',
      plan(
        ['s1', 'boil', []],
        ['s2', 'leaves', []],
        ['s3', 'pour', ['s1', 's2']],
        ['s4', 'serve', ['s3']],
        ['s5', 'sugar', []],
      ),
      'has 5 steps, more than 4, and 1 more',
    ],
    [
      'an id that no step has',
      plan(
        ['s1', 'boil', []],
        ['s2', 'leaves', []],
        ['s3', 'pour', ['s1', 's2', 's9']],
        ['s4', 'serve', ['s3']],
      ),
      'depends on s9, which is no step',
    ],
    [
      'an id twice',
      plan(
        ['s1', 'boil', []],
        ['s1', 'leaves', []],
        ['s3', 'pour', ['s1']],
        ['s4', 'serve', ['s3']],
      ),
      'two steps have the same id, and 1 more',
    ],
    [
      'waits for itself',
      plan(
        ['s1', 'boil', ['s4']],
        ['s2', 'leaves', []],
        ['s3', 'pour', ['s1', 's2']],
        ['s4', 'serve', ['s3']],
      ),
      'boil waits for itself, and 1 more',
    ],
    [
      'an action twice',
      plan(
        ['s1', 'boil', []],
        ['s2', 'leaves', []],
        ['s3', 'pour', ['s1', 's2']],
        ['s4', 'pour', ['s1', 's2']],
      ),
      'lacks serve, and 2 more',
    ],
    ['no action', '{"steps": [{"id": "s1"}]}', 'step 1 has no action'],
    ['no steps', '{"plan": []}', 'there is no JSON with steps in the answer'],
    ['prose', 'First boil the water, then pour it.', 'there is no JSON with steps in the answer'],
    ['an empty plan', '{"steps": []}', 'has 0 steps, fewer than 4, and 8 more'],
  ])('is wrong: %s', (_, text, reason) => {
    expect(grade(text, TEA)).toMatchObject({ mark: 'wrong', reason });
  });

  test('is scored by the share of what it keeps', () => {
    // 3 of soundness, 2 of length, 4 required, 1 forbidden, 1 independent, 1 no action twice, 3 waits
    const oneBroken = plan(
      ['s1', 'boil', []],
      ['s2', 'leaves', []],
      ['s3', 'pour', ['s2']],
      ['s4', 'serve', ['s3']],
    );
    expect(grade(oneBroken, TEA).score).toBeCloseTo(14 / 15);
    expect(grade('nothing', TEA).score).toBe(0);
  });

  test('cut off: right where all is there, else ungraded', () => {
    expect(grade(`${RIGHT} and so`, TEA, 'length').mark).toBe('right');
    expect(grade(RIGHT.slice(0, 60), TEA, 'length')).toMatchObject({
      mark: 'ungraded',
      score: null,
    });
    expect(grade(`${plan(['s1', 'boil', []])} or {"steps": [`, TEA, 'length').mark).toBe(
      'ungraded',
    );
  });

  test('a plan of thousands of steps is refused, not walked', () => {
    const long = plan(
      ...Array.from({ length: 20_000 }, (_, i): Row => [i, `a${i}`, i > 0 ? [i - 1] : []]),
    );
    expect(grade(long, TEA)).toMatchObject({ mark: 'wrong', reason: 'has 20000 steps' });
  });

  test('without rules any sound plan is right', () => {
    expect(grade(plan(['a', 'x', []]), {}).mark).toBe('right');
    expect(grade(plan(['a', 'x', ['b']]), {}).mark).toBe('wrong');
  });

  test('waits are what reachability in the graph says, in any order of listing', () => {
    const graph = fc
      .integer({ min: 2, max: 7 })
      .chain((size) =>
        fc.tuple(
          fc.constant(size),
          fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1))),
          fc.nat(),
        ),
      );
    fc.assert(
      fc.property(graph, ([size, edges, turn]) => {
        const forward = edges.filter(([a, b]) => a < b);
        const reach = Array.from({ length: size }, (_, i) =>
          Array.from({ length: size }, (_, j) => forward.some(([a, b]) => a === i && b === j)),
        );
        for (let k = 0; k < size; k++)
          for (let i = 0; i < size; i++)
            for (let j = 0; j < size; j++)
              if (reach[i]?.[k] && reach[k]?.[j]) (reach[i] as boolean[])[j] = true;
        const rows = Array.from(
          { length: size },
          (_, i): Row => [i, `a${i}`, forward.filter(([, b]) => b === i).map(([a]) => a)],
        );
        const text = plan(...rows.slice(turn % size), ...rows.slice(0, turn % size));
        for (let i = 0; i < size; i++) {
          for (let j = i + 1; j < size; j++) {
            const pair = [[`a${i}`, `a${j}`]];
            expect(grade(text, { must_precede: pair }).mark).toBe(
              reach[i]?.[j] ? 'right' : 'wrong',
            );
            expect(grade(text, { independent: pair }).mark).toBe(reach[i]?.[j] ? 'wrong' : 'right');
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a schedule', () => {
  const KITCHEN = {
    required_actions: ['bread', 'cake', 'wash'],
    must_precede: [['bread', 'wash']],
    durations: { bread: 30, cake: 20, wash: 10 },
    finish_by: 50,
    resources: { oven: { capacity: 1, used_by: ['bread', 'cake'] } },
  };
  const at = (bread: number, cake: number, wash: number) =>
    plan(['a', 'bread', [], bread], ['b', 'cake', [], cake], ['c', 'wash', [], wash]);

  test.each<[string, string, string | null]>([
    ['in time', at(0, 30, 30), null],
    ['the other order', at(20, 0, 50), 'ends at 60, later than 50'],
    ['both in the oven', at(0, 10, 30), '2 steps use oven at the same time'],
    ['washed too early', at(0, 30, 20), 'wash starts before bread has ended'],
    ['too late', at(0, 31, 30), 'ends at 51, later than 50'],
    ['below zero', at(-5, 30, 30), 'bread has no start, or no known duration, and 1 more'],
    [
      'no start',
      plan(['a', 'bread', []], ['b', 'cake', [], 30], ['c', 'wash', [], 30]),
      'bread has no start, or no known duration, and 1 more',
    ],
    [
      'an unknown action',
      plan(
        ['a', 'bread', [], 0],
        ['b', 'cake', [], 30],
        ['c', 'wash', [], 30],
        ['d', 'rest', [], 0],
      ),
      'rest has no start, or no known duration',
    ],
    [
      'against its own waits',
      plan(['a', 'bread', [], 0], ['b', 'cake', ['a'], 30], ['c', 'wash', ['b'], 30]),
      'a step starts before one that it depends on has ended',
    ],
  ])('%s', (_, text, reason) => {
    expect(grade(text, KITCHEN)).toMatchObject({
      mark: reason === null ? 'right' : 'wrong',
      reason,
    });
  });

  test('one may begin when another ends', () => {
    expect(grade(at(0, 30, 40), KITCHEN).mark).toBe('right');
  });
});

describe('a world', () => {
  const HOUSE = {
    steps_max: 3,
    world: {
      facts: ['door shut', 'in hall'],
      goal: ['in room', 'light on'],
      actions: {
        open: { needs: ['in hall'], removes: ['door shut'], adds: ['door open'] },
        enter: { needs: ['in hall', 'door open'], removes: ['in hall'], adds: ['in room'] },
        switch_on: { needs: ['in room'], adds: ['light on'] },
        sleep: {},
      },
    },
  };
  const steps = (...actions: string[]) =>
    plan(...actions.map((action, i): Row => [`s${i}`, action]));

  test.each<[string, string, string | null]>([
    ['the way', steps('open', 'enter', 'switch_on'), null],
    ['too long', steps('open', 'sleep', 'enter', 'switch_on'), 'has 4 steps, more than 3'],
    ['not to the goal', steps('open', 'enter'), 'does not get to: light on'],
    [
      'not possible',
      steps('enter', 'open', 'switch_on'),
      'step 1, enter, is not possible: not door open, and 2 more',
    ],
    ['an unknown action', steps('open', 'fly', 'switch_on'), 'there is no action fly, and 2 more'],
    ['a name that every object has', steps('toString'), 'there is no action toString, and 2 more'],
  ])('%s', (_, text, reason) => {
    expect(grade(text, HOUSE)).toMatchObject({ mark: reason === null ? 'right' : 'wrong', reason });
  });

  test('an action may come twice', () => {
    expect(
      grade(steps('open', 'open', 'enter', 'switch_on'), { ...HOUSE, steps_max: 4 }).mark,
    ).toBe('right');
  });
});

describe('planSchema', () => {
  test.each<[string, JsonObject]>([
    ['a misspelt key', { required_action: ['a'] }],
    ['half a pair', { must_precede: [['a']] }],
    ['a deadline without durations', { finish_by: 5 }],
    [
      'a resource used by what takes no time',
      { durations: { a: 1 }, resources: { oven: { capacity: 1, used_by: ['b'] } } },
    ],
    ['a world without a goal', { world: { facts: [], goal: [], actions: {} } }],
  ])('refuses %s', (_, value) => {
    expect(planSchema.safeParse(value).success).toBe(false);
  });

  test('takes those of this file', () => {
    expect(planSchema.safeParse(TEA).success).toBe(true);
  });
});
