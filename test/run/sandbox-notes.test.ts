import { expect, test, vi } from 'vitest';
import { DEFAULT_GRADING } from '../../src/config/grading-settings.ts';
import { sandboxNotes } from '../../src/run/grading/sandbox-notes.ts';
import type { Expectation } from '../../src/suite/types.ts';
import { aPlannedRequest } from '../metrics/fixtures.ts';

const tried = vi.hoisted(() => [] as string[]);
vi.mock('../../src/score/sandbox/index.ts', () => ({
  sandboxProblem: (language: string) => {
    tried.push(language);
    return Promise.resolve(language === 'python' ? 'there is no python3' : null);
  },
}));

const CODE: Expectation = { type: 'code', value: { language: 'python', function: 'f', tests: [] } };
const SCRIPT: Expectation = { type: 'javascript', value: 'true' };
const asking = (...expectations: Expectation[]) => [aPlannedRequest({ expect: expectations })];

test('a sandbox that is missing is told of before the first request', async () => {
  const both = { ...DEFAULT_GRADING, runCode: true, runJavascript: true };
  const set: Expectation = { type: 'assert-set', assert: [{ ...CODE }, SCRIPT] as never };
  expect(await sandboxNotes(asking(set), both)).toEqual([
    'No sandbox for python (there is no python3): what takes one stays ungraded.',
  ]);
  expect(tried).toEqual(['python', 'javascript']);
});

test('nothing is tried where nothing is to be run', async () => {
  tried.length = 0;
  const code = { ...DEFAULT_GRADING, runCode: true };
  expect(await sandboxNotes(asking(CODE), DEFAULT_GRADING)).toEqual([]);
  expect(await sandboxNotes(asking(CODE), { ...code, enabled: false })).toEqual([]);
  expect(await sandboxNotes(asking(SCRIPT), code)).toEqual([]);
  expect(tried).toEqual([]);
});
