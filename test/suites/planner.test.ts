import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/json.ts';
import type { PlanRules } from '../../src/suite/plan-schema.ts';
import { fits, type Job } from '../suite/solvers/plans.ts';
import { shipped } from './shipped.ts';

interface PlanCase {
  id: string;
  prompt: string;
  value: PlanRules;
}

const cases = shipped('planner').cases;
const written = cases.filter(({ tags }) => !tags.includes('generated'));
const plans: PlanCase[] = written.flatMap(({ id, turns: [turn] }) =>
  turn?.expect[0]?.type === 'json-plan'
    ? [{ id, prompt: turn.text, value: turn.expect[0].value as unknown as PlanRules }]
    : [],
);
const untimed = plans.filter(({ value }) => value.durations === undefined);
const timed = plans.filter(({ value }) => value.durations !== undefined);

/** Which action comes before which, over any number of others: Warshall on a table. */
function closure(actions: readonly string[], pairs: readonly (readonly string[])[]): boolean[][] {
  const table = actions.map((a) => actions.map((b) => pairs.some(([x, y]) => x === a && y === b)));
  for (const [via] of actions.entries()) {
    for (const row of table) {
      if (row[via]) for (const [to] of actions.entries()) row[to] ||= table[via]?.[to] ?? false;
    }
  }
  return table;
}

/** The actions of a prompt's last lines. */
function listed(prompt: string): string[] {
  const [, list = ''] = prompt.match(/\n(?:Actions|行動|Hành động): ([\s\S]+)$/) ?? [];
  return list.split(/,\s*/).map((action) => action.trim());
}

describe('plans', () => {
  test('there are many, up to twelve steps', () => {
    expect(plans.length).toBeGreaterThan(60);
    expect(Math.max(...plans.map(({ value }) => value.steps_max ?? 0))).toBe(12);
  });

  test.each(plans)(
    '$id asks for what it lists, and lists what it asks for',
    ({ prompt, value }) => {
      const { required_actions: required = [], forbidden_actions: forbidden = [] } = value;
      expect(listed(prompt).sort()).toEqual([...required, ...forbidden].sort());
      expect(new Set(listed(prompt)).size).toBe(required.length + forbidden.length);
      expect([value.steps_min, value.steps_max]).toEqual([required.length, required.length]);
      for (const pair of [...(value.must_precede ?? []), ...(value.independent ?? [])]) {
        expect(required).toEqual(expect.arrayContaining([...pair]));
      }
    },
  );

  test.each(untimed)('$id can be kept: no circle, and what is independent can be', ({ value }) => {
    const { required_actions: required = [], must_precede: pairs = [] } = value;
    const before = closure(required, pairs);
    for (const [index] of required.entries()) expect(before[index]?.[index]).toBe(false);
    for (const [a, b] of value.independent ?? []) {
      const [i, j] = [required.indexOf(a), required.indexOf(b)];
      expect([before[i]?.[j], before[j]?.[i]], `${a} ${b}`).toEqual([false, false]);
    }
  });

  test.each(timed)(
    '$id can be done in the time it gives, and not five minutes sooner',
    ({ value }) => {
      const {
        durations = {},
        resources = {},
        must_precede: pairs = [],
        finish_by: limit = 0,
      } = value;
      const jobs: Job[] = Object.entries(durations).map(([name, minutes]) => ({
        ...{ name, minutes },
        after: pairs.filter(([, b]) => b === name).map(([a]) => a),
      }));
      const mayRun = (names: readonly string[]) =>
        Object.values(resources).every(
          ({ capacity, used_by: users }) =>
            names.filter((name) => users.includes(name)).length <= capacity,
        );
      expect(fits(jobs, mayRun, limit)).toBe(true);
      expect(fits(jobs, mayRun, limit - 5)).toBe(false);
    },
  );
});

describe('tools', () => {
  const calls = written.flatMap((each) => {
    const [expectation] = each.turns[0]?.expect ?? [];
    if (expectation?.type !== 'tool-call') return [];
    return [{ id: each.id, tools: each.parameters.tools, value: expectation.value as JsonObject }];
  });

  test('some are near misses', () => {
    expect(written.filter(({ tags }) => tags.includes('near-miss')).length).toBeGreaterThan(9);
  });

  test.each(calls)('$id has its tool once, which takes the arguments', ({ tools, value }) => {
    const functions = (tools as JsonObject[]).map((tool) => tool.function as JsonObject);
    const meant = functions.filter(({ name }) => name === value.name);
    expect(meant).toHaveLength(1);
    const { parameters = {} } = meant[0] ?? {};
    const closed = { additionalProperties: false, ...(parameters as JsonObject) };
    const validate = new Ajv().compile(closed);
    expect(validate(value.arguments), JSON.stringify(validate.errors)).toBe(true);
  });
});
