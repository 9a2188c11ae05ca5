import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadSuite } from '../../src/suite/load.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tokentape-examples-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function load(text: string) {
  const path = join(dir, 'kind.yaml');
  writeFileSync(path, text);
  return loadSuite(path, [dir], 's');
}

const SUITE = `description: d
cases:
  - id: a
    prompt: Say no.
    expect: { type: model-graded, value: It is kind. }
  - id: b
    prompt: Say yes.
    expect:
      - type: assert-set
        assert:
          - { type: not-model-graded, value: It is kind., examples: [{ answer: Yes, right: false }] }
          - { type: model-graded, value: It is brief. }
judge_examples:
  - { rubric: It is kind., question: Say no., answer: 'I am sorry, no.', right: true }
`;

test('examples of a suite reach every expectation that has their rubric', () => {
  const { suite, problems } = load(SUITE);
  expect(problems).toEqual([]);
  const given = { question: 'Say no.', answer: 'I am sorry, no.', right: true };
  expect(suite?.cases[0]?.turns[0]?.expect[0]).toMatchObject({ examples: [given] });
  expect(suite?.cases[1]?.turns[0]?.expect[0]?.assert).toEqual([
    {
      ...{ type: 'not-model-graded', value: 'It is kind.' },
      examples: [{ answer: 'Yes', right: false }, given],
    },
    { type: 'model-graded', value: 'It is brief.' },
  ]);
});

test('an example of no rubric there is named at its place', () => {
  const { problems } = load(SUITE.replace('rubric: It is kind.', 'rubric: It is kind'));
  expect(problems).toMatchObject([
    { line: 14, path: 'judge_examples.0.rubric', message: 'no expectation has this rubric' },
  ]);
});

test.each([
  ['judge: gpt', 'judge'],
  ['examples: []', 'examples'],
  ['examples: [{ answer: a }]', 'right'],
])('an expectation with %s is refused', (part, named) => {
  const { problems } = load(
    `description: d\ncases:\n  - id: a\n    prompt: p\n    expect: { type: model-graded, value: r, ${part} }\n`,
  );
  expect(problems.map(({ message, path }) => `${path} ${message}`).join()).toContain(named);
});
