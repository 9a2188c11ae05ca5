import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_GRADING } from '../../../src/config/grading-settings.ts';
import { knownAnswer } from '../../../src/run/answer-book.ts';
import { gradeAnswer } from '../../../src/score/grade.ts';
import { codeGrader, sandboxProblem } from '../../../src/score/sandbox/index.ts';
import type { Answered } from '../../../src/score/types.ts';
import { loadSuite } from '../../../src/suite/load.ts';
import type { Turn } from '../../../src/suite/types.ts';
import { RECORDS } from './records.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tokentape-graded-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function turnOf(format: keyof typeof RECORDS): Turn {
  const path = join(dir, `${format}.jsonl`);
  writeFileSync(path, JSON.stringify(RECORDS[format]));
  const turn = loadSuite(path, [], 's').suite?.cases[0]?.turns[0];
  if (turn === undefined) throw new Error('no case');
  return turn;
}

function answered(text: string): Answered {
  return {
    ...{ text, reasoning: '', toolCalls: [], finishReason: 'stop', messages: [] },
    ...{ reference: null, ttftMs: null, e2eMs: null, costUsd: null },
  };
}

const LIMITS = { regexMs: 100 };
/** Thirty words and no comma. */
const LIGHTHOUSE = 'The lamp turns and the sea listens. '.repeat(6).trim();

describe('cases of public formats are graded', () => {
  test.each([
    ['gsm8k', '41 times 30 is 1,230.\n\nAnswer: 1,230', 'right'],
    ['gsm8k', 'Answer: 1231', 'wrong'],
    ['gsm8k', 'I cannot tell.', 'ungraded'],
    ['mmlu', 'Plants take in carbon dioxide.\nAnswer: B', 'right'],
    ['mmlu', 'Answer: D', 'wrong'],
    ['ifeval', LIGHTHOUSE, 'right'],
    ['ifeval', `${LIGHTHOUSE}, then`, 'wrong'],
    ['ifeval', 'Too short.', 'wrong'],
  ] as const)('%s: %j is %s', (format, text, mark) => {
    expect(gradeAnswer(answered(text), turnOf(format).expect, LIMITS).mark).toBe(mark);
  });

  test.each(['gsm8k', 'mmlu'] as const)('%s says itself what is right and wrong', (format) => {
    const turn = turnOf(format);
    const known = knownAnswer(turn);
    const marks = [known?.right, known?.wrong].map(
      (said) => gradeAnswer(answered(`Answer: ${said}`), turn.expect, LIMITS).mark,
    );
    expect(marks).toEqual(['right', 'wrong']);
  });

  test('conversations are not', () => {
    expect(turnOf('sharegpt').expect).toEqual([]);
  });

  test('HumanEval by its own test', async (context) => {
    if ((await sandboxProblem('python')) !== null) return context.skip();
    const { expect: wanted, reference, wrong } = turnOf('humaneval');
    const grader = codeGrader(DEFAULT_GRADING);
    const [code] = wanted;
    if (code === undefined) throw new Error('no expectation');
    const { signal } = new AbortController();
    const marks = await Promise.all(
      [reference, wrong].map((text) => grader.grade(answered(text ?? ''), code, signal)),
    );
    expect(marks.map(({ mark }) => mark)).toEqual(['right', 'wrong']);
  });
});
