import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listSuites, readSuiteFile } from '../../src/suite/read.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tokentape-suites-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function read(text: string) {
  const path = join(dir, 'suite.yaml');
  writeFileSync(path, text);
  return readSuiteFile(path);
}

/** Problems as `line path: message`. */
function problemsOf(text: string): string[] {
  return read(text).problems.map(({ line, path, message }) => `${line} ${path}: ${message}`);
}

test('a suite file gets its defaults', () => {
  const { file, problems } = read('description: d\ncases:\n  - {id: a, prompt: Hi}\n');
  expect(problems).toEqual([]);
  expect(file).toEqual({ description: 'd', nonce: true, cases: [{ id: 'a', prompt: 'Hi' }] });
});

test('a suite file that is not there is a problem without a place', () => {
  const { file, problems } = readSuiteFile(join(dir, 'nowhere.yaml'));
  expect(file).toBeUndefined();
  expect(problems).toMatchObject([{ line: 0, message: 'the suite cannot be read (ENOENT)' }]);
});

describe('mistakes are found with their place', () => {
  test.each([
    ['an empty suite', 'description: d\n', /^1 : the suite is empty/],
    ['an empty list', 'description: d\ncases: []\n', /^1 : the suite is empty/],
    [
      'both prompt and turns',
      'description: d\ncases:\n  - id: a\n    prompt: x\n    turns: [y]\n',
      /^5 cases\.0\.turns: both prompt and turns/,
    ],
    ['neither', 'description: d\ncases:\n  - id: a\n', /^3 cases\.0: neither prompt nor turns/],
    [
      'an id twice',
      'description: d\ncases:\n  - {id: a, prompt: x}\n  - {id: b, prompt: x}\n  - {id: a, prompt: y}\n',
      /^5 cases\.2\.id: the id a is taken/,
    ],
    [
      'an ill-formed id',
      'description: d\ncases:\n  - {id: "A b", prompt: x}\n',
      /^3 cases\.0\.id: has to be made of/,
    ],
    [
      'a JSON Schema that is none',
      'description: d\ncases:\n  - id: a\n    prompt: x\n    expect:\n      type: is-json\n      value: {type: objct}\n',
      /^7 cases\.0\.expect\.value: is no JSON Schema: .*type/,
    ],
    [
      'an expected value where a JSON Schema belongs',
      'description: d\ncases:\n  - id: a\n    prompt: x\n    expect:\n      type: contains-json\n      value: {name: Ada}\n',
      /^7 cases\.0\.expect\.value: is no JSON Schema: unknown keyword: "name"/,
    ],
    [
      'a JSON Schema of a tool that is none',
      'description: d\ncases:\n  - id: a\n    prompt: x\n    expect:\n      type: tool-call\n      value:\n        - name: f\n          schema: {$ref: "https://x.example/s"}\n',
      /^9 cases\.0\.expect\.value\.0\.schema: is no JSON Schema: can't resolve reference/,
    ],
    [
      'an unknown rule',
      'description: d\ncases:\n  - id: a\n    prompt: x\n    expect:\n      type: rule\n      value:\n        max_word: 3\n',
      /^8 cases\.0\.expect\.value\.max_word: max_word: unknown key/,
    ],
    [
      'a key that plans have not',
      'description: d\ncases:\n  - id: a\n    prompt: x\n    expect:\n      type: json-plan\n      value:\n        must_preced: [[a, b]]\n',
      /^8 cases\.0\.expect\.value\.must_preced: must_preced: unknown key/,
    ],
    [
      'an unknown family',
      'description: d\ngenerate:\n  - {family: trians, count: 1}\n',
      /^3 generate\.0\.family: /,
    ],
    [
      'a family numbered twice',
      'description: d\ngenerate:\n  - {family: venn, count: 1}\n  - {family: venn, count: 1}\n',
      /^4 generate\.1\.family: generate\.0 numbers its cases venn-1/,
    ],
    [
      'a generated id that is written too',
      'description: d\ncases: [{id: venn-2, prompt: x}]\ngenerate:\n  - {family: venn, count: 2}\n',
      /^4 generate\.0\.family: the id venn-2 is taken/,
    ],
    [
      'a difficulty out of range',
      'description: d\ngenerate:\n  - {family: venn, count: 1, difficulty: 6}\n',
      /^3 generate\.0\.difficulty/,
    ],
    [
      'an unknown key',
      'description: d\ncases:\n  - {id: a, promt: x, prompt: y}\n',
      /^3 cases\.0\.promt: unknown key/,
    ],
    [
      'an unknown grader',
      'description: d\ncases:\n  - {id: a, prompt: x, expect: {type: contain, value: y}}\n',
      /^3 cases\.0\.expect\.type/,
    ],
    [
      'a missing value',
      'description: d\ncases:\n  - {id: a, prompt: x, expect: [{type: match}]}\n',
      /^3 cases\.0\.expect\.0: match needs a value/,
    ],
    [
      'a value of the wrong shape',
      'description: d\ncases:\n  - {id: a, prompt: x, expect: {type: contains-any, value: y}}\n',
      /^3 cases\.0\.expect\.value: the value of contains-any/,
    ],
    [
      'a value where none is taken',
      'description: d\ncases:\n  - {id: a, prompt: x, expect: {type: empty, value: y}}\n',
      /^3 cases\.0\.expect\.value: empty takes no value/,
    ],
    [
      'a broken regular expression',
      'description: d\ncases:\n  - {id: a, prompt: x, expect: {type: regex, value: "("}}\n',
      /^3 cases\.0\.expect\.value: the value of regex/,
    ],
    [
      'a latency without a threshold',
      'description: d\ncases:\n  - {id: a, prompt: x, expect: {type: not-latency}}\n',
      /^3 cases\.0\.expect: latency needs a threshold/,
    ],
  ])('%s', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(problem)]);
  });

  test('all of them at once', () => {
    const text = [
      'descripton: d',
      'cases:',
      '  - {id: a, prompt: x, turns: [y]}',
      '  - {id: a, prompt: 3}',
      'generate:',
      '  - {family: tranes, count: 0}',
    ].join('\n');
    const lines = read(text).problems.map(({ line }) => line);
    expect(new Set(lines)).toEqual(new Set([1, 3, 4, 6]));
    expect(lines).toHaveLength(7); // the description's key twice over: unknown, and missing
  });

  test('a near miss of a family is guessed', () => {
    const [problem] = read('description: d\ngenerate:\n  - {family: trians, count: 1}\n').problems;
    expect(problem?.remedy).toMatch(/did you mean trains\?/);
  });
});

test('any grader may be negated', () => {
  const expectations = '[{type: not-contains, value: x}, {type: not-empty}, {type: not-is-json}]';
  expect(
    problemsOf(`description: d\ncases:\n  - {id: a, prompt: x, expect: ${expectations}}\n`),
  ).toEqual([]);
});

test('suites are listed by name; a folder that is not there has none', () => {
  writeFileSync(join(dir, 'another.yaml'), '');
  writeFileSync(join(dir, 'notes.md'), '');
  expect(listSuites(dir)).toContain('another');
  expect(listSuites(dir)).not.toContain('notes');
  expect(listSuites(join(dir, 'nowhere'))).toEqual([]);
});
