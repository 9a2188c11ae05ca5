import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../src/config/schema.ts';
import { checkReferences } from '../../src/run/references.ts';
import { loadSuite } from '../../src/suite/load.ts';
import { readSuiteFile } from '../../src/suite/read.ts';

const DATA = /^`([\w.-]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm;
const YAML = /^```yaml\n([\s\S]*?)^```$/gm;

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tokentape-docs-'));
  for (const [, name = '', text = ''] of read('suites.md').matchAll(DATA)) {
    writeFileSync(join(dir, name), text);
  }
});
afterAll(() => rmSync(dir, { recursive: true }));

function read(name: string): string {
  return readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
}

function examplesIn(name: string): { title: string; text: string; isSuite: boolean }[] {
  return [...read(name).matchAll(YAML)].map(([, text = '']) => ({
    text,
    title: /^(?:description: )?(.*)$/m.exec(text.replace(/^#.*\n/, ''))?.[1] ?? '',
    isSuite: /^description:/m.test(text),
  }));
}

const EXAMPLES = ['suites.md', 'judge.md'].flatMap(examplesIn);
const SUITES = EXAMPLES.filter(({ isSuite }) => isSuite);
const CONFIGS = EXAMPLES.filter(({ isSuite }) => !isSuite);

describe('the examples of docs/', () => {
  test('are all here', () => {
    expect(examplesIn('suites.md').length).toBeGreaterThanOrEqual(11);
    expect(examplesIn('suites.md').every(({ isSuite }) => isSuite)).toBe(true);
    expect(CONFIGS.length).toBeGreaterThanOrEqual(1);
  });

  test.each(SUITES)(
    '$title: is a suite, whose answers are graded as they say',
    async ({ text }) => {
      const path = join(dir, 'example.yaml');
      writeFileSync(path, text);
      const { suite, problems } = loadSuite(path, [], 's');
      expect(problems).toEqual([]);
      expect(suite?.cases.length).toBeGreaterThan(0);
      const source = readSuiteFile(path);
      if (source.file === undefined) throw new Error('no file');
      const { problems: ofAnswers } = await checkReferences({ ...source, file: source.file }, {});
      expect(ofAnswers).toEqual([]);
    },
  );

  test.each(CONFIGS)('$title: is a config', ({ text }) => {
    expect(configSchema.safeParse(parse(text)).error?.issues).toBeUndefined();
  });

  test('each public format has its records, and a case of each', () => {
    const names = ['gsm8k', 'mmlu', 'humaneval', 'ifeval'].map((name) => `${name}.jsonl`);
    for (const name of [...names, 'school_law_test.csv', 'sharegpt.json']) {
      const { suite, problems } = loadSuite(join(dir, name), [], 's');
      expect(problems).toEqual([]);
      expect(suite?.cases).toHaveLength(1);
    }
  });
});
