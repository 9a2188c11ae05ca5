import { describe, expect, it } from 'vitest';
import { javascriptGrader } from '../../../src/score/sandbox/index.ts';
import { answered, problems } from './graded.ts';

const grader = javascriptGrader({ codeTimeoutMs: 400, codeMemoryMb: 64 });
const reply = answered('Hello, world', {
  ...{ reasoning: 'short', reference: 'hello' },
  messages: [{ role: 'user', content: 'Say hello' }],
});

function grade(value: string, more: { threshold?: number } = {}) {
  return grader.grade(reply, { type: 'javascript', value, ...more }, new AbortController().signal);
}

describe.skipIf(problems.javascript !== null)(`javascript ${problems.javascript ?? ''}`, () => {
  it.concurrent.each([
    ['an expression', 'output.length === 12', 'right', 1],
    ['an expression that is false', 'output.includes("bye")', 'wrong', 0],
    ['a body', 'const words = output.split(" ");\nreturn words.length === 2;', 'right', 1],
    [
      'a function',
      '(output, context) => output.toLowerCase().startsWith(context.reference)',
      'right',
      1,
    ],
    ['a promise', 'Promise.resolve(true)', 'right', 1],
    [
      'the context',
      'context.prompt === "Say hello" && context.vars.reasoning === "short" && context.vars.reference === "hello"',
      'right',
      1,
    ],
    ['a score', '0.25', 'right', 0.25],
    ['a score of nothing', '0', 'wrong', 0],
    ['an object', '({ pass: false, score: 0.5, reason: "too short" })', 'wrong', 0.5],
    ['an object without a score', '({ pass: true })', 'right', 1],
  ])('takes %s', async (_name, value, mark, score) => {
    expect(await grade(value)).toMatchObject({ mark, score });
  });

  it('holds a score against the threshold', async () => {
    expect(await grade('0.25', { threshold: 0.5 })).toMatchObject({ mark: 'wrong', score: 0.25 });
    expect(await grade('0.5', { threshold: 0.5 })).toMatchObject({ mark: 'right', score: 0.5 });
  });

  it.concurrent.each([
    ['an exception', 'output.foo.bar', /raised TypeError/],
    ['no end', 'while (true);', /ran longer than 0.4 s/],
    ['a text', '"yes"', /neither boolean, score nor/],
    ['a mistake', 'output.length ===', /raised SyntaxError/],
    ['a file', 'require("fs").readFileSync("/etc/passwd")', /asked for a file/],
  ])('does not blame the answer for %s', async (_name, value, reason) => {
    const judgement = await grade(value);
    expect(judgement).toMatchObject({ mark: 'ungraded', score: null });
    expect(judgement.reason).toMatch(reason);
  });
});
