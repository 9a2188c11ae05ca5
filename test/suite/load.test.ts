import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILT_IN_SUITES_DIR, loadSuite, suiteSearchDirs } from '../../src/suite/load.ts';
import { listSuites } from '../../src/suite/read.ts';
import type { Suite } from '../../src/suite/types.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tokentape-suites-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function loaded(name: string, seed = 's', requests?: number): Suite {
  const { suite, problems } = loadSuite(name, [dir, BUILT_IN_SUITES_DIR], seed, { requests });
  expect(problems).toEqual([]);
  if (suite === undefined) throw new Error('no suite');
  return suite;
}

function problemsOf(name: string) {
  return loadSuite(name, [dir, BUILT_IN_SUITES_DIR], 's').problems;
}

describe('the built-in suites', () => {
  test.each(listSuites(BUILT_IN_SUITES_DIR))('%s can be drawn', (name) => {
    const suite = loaded(name);
    const ids = suite.cases.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(suite.name).toBe(name);
    expect(suite.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('reasoning has enough cases for a p95, all different, each with an answer', () => {
    const { cases, audience } = loaded('reasoning');
    expect(cases.length).toBeGreaterThanOrEqual(96);
    expect(cases.length).toBeLessThanOrEqual(100);
    expect(new Set(cases.map(({ turns }) => turns[0]?.text)).size).toBe(cases.length);
    for (const { turns } of cases) {
      expect(turns[0]?.expect).toHaveLength(1);
      expect(turns[0]?.text).toMatch(/Answer: <[^>]+>$/);
    }
    expect(audience).toEqual({ tags: [], notTags: ['classifier'] });
  });

  test('long-context goes over seven lengths', () => {
    const { cases } = loaded('long-context');
    const lengths = cases.map(({ tags }) => tags.find((tag) => tag.startsWith('tokens-')));
    expect(cases.length).toBeGreaterThanOrEqual(21);
    expect(new Set(lengths).size).toBe(7);
  });

  test('smoke is short', () => {
    const { cases } = loaded('smoke');
    expect(cases.length).toBeLessThanOrEqual(6);
    for (const { parameters } of cases) expect(parameters.max_tokens).toBeLessThanOrEqual(512);
  });
});

describe('the draw', () => {
  test('is the same for the same seed; another seed changes generated cases only', () => {
    const [first, again, other] = [
      loaded('reasoning', 'x'),
      loaded('reasoning', 'x'),
      loaded('reasoning', 'y'),
    ];
    expect(again).toEqual(first);
    expect(other.cases.map(({ id }) => id)).toEqual(first.cases.map(({ id }) => id));
    const changed = first.cases.filter(
      ({ turns }, index) => turns[0]?.text !== other.cases[index]?.turns[0]?.text,
    );
    const generated = first.cases.filter(({ tags }) =>
      tags.some((tag) => tag.startsWith('difficulty-')),
    );
    expect(changed.length).toBeGreaterThan(generated.length - 3);
    expect(changed.length).toBeLessThanOrEqual(generated.length);
    expect(other.hash).toBe(first.hash);
  });

  test('of fewer is an even sample, of more grows the generated part', () => {
    const all = loaded('reasoning');
    const few = loaded('reasoning', 's', 24);
    expect(few.cases).toHaveLength(24);
    expect(all.cases).toEqual(expect.arrayContaining(few.cases));
    expect(new Set(few.cases.map(({ tags }) => tags[2])).size).toBeGreaterThan(15);

    const more = loaded('reasoning', 's', 200);
    expect(more.cases).toHaveLength(200);
    expect(more.cases).toEqual(expect.arrayContaining(all.cases));
    expect(more.hash).toBe(all.hash);
  });

  test('puts parameters, tags and systems of entries over those of the suite', () => {
    write(
      'over.yaml',
      `description: d
nonce: false
system: suite
parameters: {max_tokens: 5, temperature: 0}
tags: [x]
cases:
  - {id: a, prompt: p, system: own, parameters: {max_tokens: 9}, tags: [y, x], expect: {type: empty}}
  - {id: b, turns: [one, two]}
generate:
  - {family: venn, count: 1, id_prefix: sets, difficulty: [2, 3], tags: [z], parameters: {seed: 1}}
`,
    );
    const { cases, nonce } = loaded('over');
    expect(nonce).toBe(false);
    expect(cases).toMatchObject([
      {
        ...{
          id: 'a',
          system: 'own',
          tags: ['x', 'y'],
          turns: [{ text: 'p', expect: [{ type: 'empty' }] }],
        },
        parameters: { max_tokens: 9, temperature: 0 },
      },
      { id: 'b', system: 'suite', turns: [{ text: 'one' }, { text: 'two', expect: [] }] },
      {
        ...{ id: 'sets-1', system: 'suite', tags: ['x', 'z', 'venn', 'difficulty-2'] },
        parameters: { max_tokens: 5, temperature: 0, seed: 1 },
      },
    ]);
  });

  test('says so when a family has no other prompts left', () => {
    write(
      'many.yaml',
      'description: d\ngenerate:\n  - {family: clock-angle, count: 9999, difficulty: 1}\n',
    );
    expect(problemsOf('many')).toMatchObject([
      { line: 3, path: 'generate.0.count', message: expect.stringMatching(/only \d+ different/) },
    ]);
  });
});

describe('data files', () => {
  test('give cases, and their bytes are part of the hash', () => {
    const suite = `description: d
tags: [t]
data:
  - file: ./data/q.csv
    map: {id: qid, prompt: "Q: {question}", expect: {type: match, value: $answer}}
    limit: 2
    tags: [u]
  - {file: data/p.jsonl, system: S}
`;
    write('imported.yaml', suite);
    write('data/q.csv', 'qid,question,answer\r\nq1,"1,\r\n2?",3\r\nq2,b,4\r\nq3,c,5\r\n');
    write('data/p.jsonl', '{"prompt":"first"}\n{"prompt":"second"}\n');
    const { cases, hash } = loaded('imported');
    expect(cases).toMatchObject([
      {
        ...{ id: 'q1', tags: ['t', 'u'] },
        turns: [{ text: 'Q: 1,\n2?', expect: [{ type: 'match', value: '3' }] }],
      },
      { id: 'q2' },
      { id: 'p-1', turns: [{ text: 'first' }], system: 'S', tags: ['t'] },
      { id: 'p-2', turns: [{ text: 'second' }] },
    ]);
    write('data/p.jsonl', '{"prompt":"first"}\n{"prompt":"changed"}\n');
    expect(loaded('imported').hash).not.toBe(hash);
  });

  test('that cannot be read are named in the suite file', () => {
    const path = write(
      'gone.yaml',
      'description: d\ndata:\n  - file: nowhere.csv\n  - file: x.txt\n',
    );
    expect(problemsOf('gone')).toMatchObject([
      {
        file: path,
        line: 3,
        message: expect.stringMatching(/cannot read .*nowhere\.csv \(ENOENT\)/),
      },
      { file: path, line: 4, message: 'x.txt is neither .jsonl, .json nor .csv' },
    ]);
  });

  test('have their own lines named', () => {
    write('lines.yaml', 'description: d\ndata:\n  - {file: bad.jsonl, map: {id: id, prompt: q}}\n');
    const path = write(
      'bad.jsonl',
      '{"id":"a","q":"x"}\n{"id":"b"}\nnonsense\n{"id":"a","q":"y"}\n',
    );
    expect(problemsOf('lines').map(({ file, line, message }) => [file, line, message])).toEqual([
      [path, 2, 'the field q is missing'],
      [path, 3, expect.stringMatching(/^is not JSON/)],
      [path, 4, 'the id a is taken already'],
    ]);
  });

  test('may not take the ids of generated cases', () => {
    write(
      'clash.yaml',
      'description: d\ngenerate: [{family: venn, count: 1}]\ndata: [{file: clash.csv, map: {id: id}}]\n',
    );
    write('clash.csv', 'id,prompt\nvenn-1,x\n');
    expect(problemsOf('clash')).toMatchObject([
      { line: 2, path: 'generate', message: 'the id venn-1 is that of a generated case too' },
    ]);
  });

  test('with the wrong mapping do not flood the screen', () => {
    write('flood.yaml', 'description: d\ndata: [{file: flood.csv, map: {prompt: nope}}]\n');
    write('flood.csv', `q\n${'x\n'.repeat(500)}`);
    const problems = problemsOf('flood');
    expect(problems).toHaveLength(11);
    expect(problems.at(-1)?.message).toBe('and 490 more');
  });

  test('without records are a problem', () => {
    write('none.yaml', 'description: d\ndata:\n  - file: none.csv\n');
    write('none.csv', 'prompt\n');
    expect(problemsOf('none')).toMatchObject([{ line: 3, message: 'none.csv has no records' }]);
  });
});

describe('the name of a suite', () => {
  test('is looked up in the first folder that has it', () => {
    write('smoke.yaml', 'description: mine\ncases: [{id: a, prompt: x}]\n');
    expect(loaded('smoke').description).toBe('mine');
    rmSync(join(dir, 'smoke.yaml'));
    expect(loaded('smoke').description).not.toBe('mine');
  });

  test('may be the path of a file', () => {
    const path = write('elsewhere/own.yaml', 'description: d\ncases: [{id: a, prompt: x}]\n');
    expect(loaded(path).name).toBe('own');
  });

  test('is guessed where it is unknown', () => {
    const [problem] = problemsOf('resoning');
    expect(problem).toMatchObject({ line: 0, message: 'unknown suite "resoning"' });
    expect(problem?.remedy).toMatch(/^did you mean reasoning\? \(there are .*smoke.*\)$/);
    expect(problemsOf('qqqqqqq')[0]?.remedy).toMatch(/^there are /);
  });

  test.each(['../smoke', 'a/b', 'a\\b', '..', '.', '', 'a b', '/etc/passwd'])(
    '%j is refused',
    (name) => {
      expect(problemsOf(name)).toMatchObject([
        { message: expect.stringMatching(/is no name of a suite/) },
      ]);
    },
  );

  test("is looked for in the user's suites before the built-in ones", () => {
    expect(suiteSearchDirs(dir)).toEqual([join(dir, 'suites'), BUILT_IN_SUITES_DIR]);
    expect(suiteSearchDirs(dirname(BUILT_IN_SUITES_DIR))).toEqual([BUILT_IN_SUITES_DIR]);
  });
});
