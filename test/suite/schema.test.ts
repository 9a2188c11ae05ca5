import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { EXPECTATION_TYPES, expectationSchema } from '../../src/suite/expectation-schema.ts';
import { FAMILY_NAMES } from '../../src/suite/families/index.ts';
import { suiteFileSchema } from '../../src/suite/schema.ts';

interface Node {
  type?: string;
  description?: string;
  properties?: Record<string, Node>;
  additionalProperties?: unknown;
  enum?: string[];
}

/** Every mapping with known keys, at any depth, with its path. */
function mappings(node: unknown, path = ''): [string, Node][] {
  if (typeof node !== 'object' || node === null) return [];
  const own: [string, Node][] = 'properties' in node ? [[path, node as Node]] : [];
  return [
    ...own,
    ...Object.entries(node).flatMap(([key, each]) => mappings(each, `${path}/${key}`)),
  ];
}

describe('the JSON Schema for editors', () => {
  const found = mappings(z.toJSONSchema(suiteFileSchema, { io: 'input' }));

  test('describes every field and refuses unknown ones', () => {
    expect(found.length).toBeGreaterThan(5);
    for (const [path, { properties = {}, additionalProperties }] of found) {
      if (path.endsWith('/properties')) continue; // a field that is itself named `properties`
      expect(additionalProperties, path).toBe(false);
      for (const [name, field] of Object.entries(properties)) {
        expect(field.description, `${path}/${name}`).toMatch(/\.$/);
      }
    }
  });

  test('lists families and graders', () => {
    const values = found.flatMap(([, { properties = {} }]) => Object.values(properties));
    const lists = values.flatMap((field) => (field.enum ? [field.enum] : []));
    expect(lists).toContainEqual(FAMILY_NAMES);
    expect(lists).toContainEqual(expect.arrayContaining(EXPECTATION_TYPES));
  });
});

/** For each grader, what it takes and what it refuses. */
test.each<[string, object, object]>([
  ['equals', { value: 4 }, { value: [4] }],
  ['contains', { value: 'x' }, { value: 4 }],
  ['icontains', { value: 'x' }, { value: '' }],
  ['contains-any', { value: ['x'] }, { value: [] }],
  ['contains-all', { value: ['x', 'y'] }, { value: 'x' }],
  ['starts-with', { value: 'x' }, {}],
  ['regex', { value: '^a+$', flags: 'i' }, { value: 'a', flags: 'q' }],
  ['is-json', {}, { value: 'x' }],
  ['contains-json', { value: { type: 'object' } }, { value: 3 }],
  ['levenshtein', { value: 'x', threshold: 3 }, { value: 'x', threshold: -1 }],
  ['is-refusal', {}, { value: 'x' }],
  ['match', { value: ['4', 4.0], tolerance: 0.1 }, { value: { x: 1 } }],
  ['choice', { value: 'B' }, { value: 'b' }],
  ['pattern', { value: '4', pattern: 'is (\\d)' }, { value: '4' }],
  ['label', { value: 'unsafe', categories: ['S1'] }, { value: 'dangerous' }],
  ['tool-call', { value: { name: 'f', arguments: {} } }, { value: { arguments: {} } }],
  ['json-plan', { value: { steps_min: 2 } }, { value: 'two steps' }],
  [
    'code',
    { value: { language: 'python', function: 'f', tests: [{ args: [], equals: 1 }] } },
    { value: { language: 'python', function: 'f', tests: [] } },
  ],
  ['language', { value: 'ja' }, {}],
  ['rule', { value: { max_words: 3 } }, { value: {} }],
  ['model-graded', { value: 'Is it polite?', threshold: 0.7 }, {}],
  ['empty', {}, { value: '' }],
  ['javascript', { value: 'output.length < 5' }, {}],
  ['latency', { threshold: 800 }, { value: 800 }],
  ['cost', { threshold: 0.01 }, {}],
  ['assert-set', { assert: [{ type: 'empty' }], threshold: 0.5 }, { assert: [] }],
  ['assert-set', { assert: [{ type: 'assert-set', assert: [{ type: 'empty' }] }] }, {}],
])('%s', (type, right, wrong) => {
  for (const name of [type, `not-${type}`]) {
    expect(expectationSchema.safeParse({ type: name, ...right }).success).toBe(true);
    expect(expectationSchema.safeParse({ type: name, ...wrong }).success).toBe(false);
    expect(expectationSchema.safeParse({ type: name, ...right, vlaue: 1 }).success).toBe(false);
  }
});

test('a mistake within a set has its place there, and only sets have members', () => {
  const nested = { type: 'assert-set', assert: [{ type: 'empty' }, { type: 'regex', value: '(' }] };
  expect(expectationSchema.safeParse(nested).error?.issues).toMatchObject([
    { path: ['assert', 1, 'value'] },
  ]);
  const stray = { type: 'empty', assert: [{ type: 'empty' }] };
  expect(expectationSchema.safeParse(stray).error?.issues).toMatchObject([
    { path: ['assert'], message: 'empty takes no assert' },
  ]);
});
