import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROFILES } from '../../src/simulator/profiles.ts';
import { promptKey, type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { judgeAt } from './judging.ts';

const RIGHT_JUDGE = 'DeepSeek-R1';
const SKILL = PROFILES.default.get(RIGHT_JUDGE)?.skill ?? Number.NaN;
const QUESTIONS = Array.from({ length: 120 }, (_, index) => `What is ${index} + ${index}?`);
const answerBook = Object.fromEntries(
  QUESTIONS.map((question, index) => [
    promptKey(question),
    { right: String(index * 2), wrong: String(index * 2 + 1) },
  ]),
);

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({
    ...{ seed: 'judging', answerBook, profile: 'fast' },
    positionBiasedJudges: ['Qwen2.5-7B-chat'],
  });
});

afterAll(() => simulator.close());

/** Judges a right and a wrong answer to each question. */
async function judgeAll(model: string) {
  const { judge, calls, grade } = judgeAt(simulator.url, model, { settings: { concurrency: 16 } });
  const marks = await Promise.all(
    QUESTIONS.flatMap((question, index) =>
      [index * 2, index * 2 + 1].map(async (sum) => {
        const found = await grade(
          {
            requestId: `${index}/${sum}`,
            text: `They add up to ${sum}.`,
            messages: [{ role: 'user', content: question }],
          },
          { value: 'The sum is right.' },
        );
        return { mark: found.mark, truth: sum % 2 === 0 ? 'right' : 'wrong' };
      }),
    ),
  );
  await judge.close();
  return { marks, calls, report: judge.report() };
}

describe('the simulator as a judge', () => {
  test('is right with its skill, and says the same in both orders', async () => {
    const { marks, report } = await judgeAll(RIGHT_JUDGE);
    const right = marks.filter(({ mark, truth }) => mark === truth).length;
    const deviation = Math.sqrt((SKILL * (1 - SKILL)) / marks.length);
    expect(Math.abs(right / marks.length - SKILL)).toBeLessThan(4 * deviation);
    expect(marks.every(({ mark }) => mark !== 'ungraded')).toBe(true);
    expect(report).toMatchObject({ judged: 240, calls: 480, failed_calls: 0, contradictions: 0 });
  });

  test('that takes the first option contradicts itself on every answer', async () => {
    const { marks, report } = await judgeAll('Qwen2.5-7B-chat');
    expect(marks.every(({ mark }) => mark === 'ungraded')).toBe(true);
    expect(report).toMatchObject({ contradiction_share: 1, upper_option_contradictions: 240 });
  });

  test('a classifier is none: what it says is no verdict', async () => {
    const { judge, grade } = judgeAt(simulator.url, 'Llama-Guard-3-8B');
    expect(await grade({})).toMatchObject({
      ...{ mark: 'ungraded', reason: "the judge's verdict cannot be read" },
    });
    await judge.close();
  });

  test('goes by the reference where it knows no answer, and in five steps too', async () => {
    const { judge, grade } = judgeAt(simulator.url, RIGHT_JUDGE);
    const messages = [{ role: 'user' as const, content: 'Capital of Kenya?' }];
    const about = { messages, reference: 'Nairobi' };
    expect(await grade({ ...about, text: 'It is Nairobi.' }, { threshold: 0.8 })).toMatchObject({
      ...{ mark: 'right', score: 1 },
    });
    expect(await grade({ ...about, text: 'It is Nairobian.' })).toMatchObject({ mark: 'wrong' });
    await judge.close();
  });
});

test('faults of a judge are retried, or leave the answer ungraded', async () => {
  const faulty = await startSimulator({
    ...{ seed: 'faulty', answerBook, profile: 'fast' },
    faults: [
      { fault: '429', nth: 1, retry_after: 0 },
      { fault: 'truncated', nth: 2 },
      { fault: 'stream_error_after', nth: 4 },
    ],
  });
  const { judge, calls, grade } = judgeAt(faulty.url, RIGHT_JUDGE, {
    settings: { concurrency: 1 },
  });
  const found = await grade(
    { text: '6', messages: [{ role: 'user', content: 'What is 3 + 3?' }] },
    { value: 'The sum is right.' },
  );
  await judge.close();
  await faulty.close();
  expect(found).toMatchObject({ mark: 'right' });
  expect(calls.map(({ outcome }) => outcome)).toEqual([
    ...['rate_limited', 'truncated', 'ok', 'stream_error', 'ok'],
  ]);
});
