import { describe, expect, test } from 'vitest';
import type { RequestRecord } from '../../src/metrics/types.ts';
import type { PlannedRequest } from '../../src/plan/types.ts';
import { shownMarkdown } from '../../src/report/show/markdown.ts';
import { renderShown } from '../../src/report/show/text.ts';
import { displayWidth } from '../../src/report/text.ts';
import type { Grade } from '../../src/score/types.ts';
import { showRun } from '../../src/show/show.ts';
import type { ShowChoice, ShownRun } from '../../src/show/types.ts';
import type { Manifest } from '../../src/store/types.ts';
import {
  aFailure,
  aGrade,
  aPlannedRequest,
  aPlannedRow,
  aRecord,
  gradeKeyOf,
} from '../metrics/fixtures.ts';
import { aManifest } from '../report/fixtures.ts';

interface Made {
  manifest: Manifest;
  records: RequestRecord[];
  grades: Grade[];
  plan: PlannedRequest[] | null;
}

const ALL: ShowChoice = {
  marks: [],
  models: [],
  suites: [],
  targets: [],
  cases: [],
  by: 'model',
  limit: 20,
};

function show({ manifest, records, grades, plan }: Made, choice: Partial<ShowChoice> = {}) {
  const planned = plan && new Map(plan.map((one) => [one.requestId, one]));
  return showRun(
    {
      manifest,
      records: async function* () {
        yield records;
      },
      grades: async function* () {
        yield grades;
      },
      planned: async (ids) => planned && new Map([...planned].filter(([id]) => ids.has(id))),
    },
    { ...ALL, ...choice },
  );
}

const EVIL = 'It is \u001b[31m42\u001b[0m, or \u202eso.\nAnswer: 41';
const LONG = Array.from({ length: 30 }, (_, i) => `Line ${i + 1} of a long answer.`).join('\n');

/** Two models on three cases, one wrong, one ungraded, one failed; and a conversation of two turns. */
function aRun(): Made {
  const models = ['DeepSeek-R1', 'Qwen2.5-7B-chat'];
  const manifest = aManifest({
    simulated: true,
    planned: [
      ...models.map((model) => aPlannedRow({ model, suite: 'reasoning', planned: 3 })),
      aPlannedRow({ model: 'Qwen2.5-7B-chat', label: 'qwen', suite: 'chat', planned: 2 }),
    ],
  });
  const of = (id: string, changes: Partial<RequestRecord>) =>
    aRecord({ request_id: id, simulated: true, ...changes });
  const records = [
    of('r1', { case_id: 'sum-2', answer_text: 'Answer: 42' }),
    of('r2', {
      case_id: 'sum-10',
      answer_text: EVIL,
      reasoning_text: 'Let me think.',
      reasoning_tokens: 412,
    }),
    of('r3', { case_id: 'sum-3', answer_text: LONG, finish_reason: 'length' }),
    of('r4', {
      case_id: 'sum-2',
      model: models[1] as string,
      answer_text: '答えは四十二です。'.repeat(20),
    }),
    of('r5', { case_id: 'sum-10', model: models[1] as string, answer_text: 'Answer: 42' }),
    aFailure({ request_id: 'r6', case_id: 'sum-3', model: models[1] as string, simulated: true }),
    of('r7', {
      case_id: 'talk',
      model: models[1] as string,
      suite: 'chat',
      turn: 0,
      answer_text: 'Hello Ann.',
    }),
    of('r8', {
      case_id: 'talk',
      model: models[1] as string,
      suite: 'chat',
      turn: 1,
      answer_text: 'I do not know.',
    }),
    of('r9', { case_id: 'sum-2', phase: 'warmup' }),
  ];
  const grade = (at: number, changes: Partial<Grade>) =>
    aGrade({ ...gradeKeyOf(records[at] as RequestRecord), ...changes });
  return {
    manifest,
    records,
    grades: [
      grade(0, {}),
      grade(1, { grade: 'wrong', answer: '41', reason: '41 is not 42' }),
      grade(2, { grade: 'ungraded', answer: null, reason: 'cut off before its final answer' }),
      grade(3, { score: 0.5, grade: 'wrong', answer: null, reason: 'only half of it' }),
      grade(4, {}),
      grade(6, { graded_turns: 2, conversation_id: 'c7', expected: null }),
      grade(7, {
        graded_turns: 2,
        conversation_id: 'c7',
        turn: 1,
        grade: 'wrong',
        expected: 'Ann',
        reason: 'it does not contain "Ann"',
      }),
    ],
    plan: records.map((record) =>
      aPlannedRequest({
        requestId: record.request_id,
        messages:
          record.turn === 0
            ? [
                { role: 'system', content: 'Be brief.' },
                {
                  role: 'user',
                  content: record.suite === 'chat' ? 'I am Ann.' : 'What is 40 + 2?',
                },
              ]
            : [{ role: 'user', content: 'Who am I?' }],
        expect: [{ type: 'equals', value: '42' }],
      }),
    ),
  };
}

const idsOf = ({ cases }: ShownRun) =>
  cases.map(({ turns }) => turns.map(({ request_id }) => request_id).join('+'));

describe('what is shown', () => {
  test.each<[string, Partial<ShowChoice>, string[]]>([
    ['all', {}, ['r1', 'r3', 'r2', 'r4', 'r6', 'r5', 'r7+r8']],
    ['failed', { marks: ['wrong', 'ungraded'] }, ['r3', 'r2', 'r4', 'r7+r8']],
    ['right', { marks: ['right'] }, ['r1', 'r5']],
    ['errors', { marks: ['error'] }, ['r6']],
    ['of one model, by its alias', { models: ['qwen'], suites: ['chat'] }, ['r7+r8']],
    ['of one suite', { suites: ['chat'] }, ['r7+r8']],
    ['of one case', { cases: ['sum-10'] }, ['r2', 'r5']],
    ['of no target', { targets: ['nowhere'] }, []],
  ])('%s', async (_, choice, ids) => {
    expect(idsOf(await show(aRun(), choice))).toEqual(ids);
  });

  test('no more than the limit, of how many there are', async () => {
    const shown = await show(aRun(), { limit: 2 });
    expect(shown).toMatchObject({ matching: 7, shown: 2 });
    expect(shown.cases).toHaveLength(2);
  });

  test('by case, every answer to each case that one was wrong on', async () => {
    const shown = await show(aRun(), { by: 'case', marks: ['wrong'], suites: ['reasoning'] });
    expect(shown).toMatchObject({ matching: 2, shown: 2 });
    expect(idsOf(shown)).toEqual(['r1', 'r4', 'r2', 'r5']);
  });

  test('a request of a later pass is asked what was planned', async () => {
    const run = aRun();
    const records = [aRecord({ request_id: 'r2.3', case_id: 'sum-10', repeat: 3 })];
    const shown = await show({ ...run, records, grades: [] });
    expect(shown.cases[0]?.turns[0]).toMatchObject({
      expected: 'equals 42',
      mark: 'not graded',
      messages: [{ role: 'system' }, { content: 'What is 40 + 2?' }],
    });
  });
});

describe('what is said', () => {
  test.each([
    [
      'nothing was graded',
      { grades: [] },
      { marks: ['wrong'] as const },
      /No answer of these was graded/,
    ],
    ['nothing is right', {}, { marks: ['right'] as const, cases: ['sum-3'] }, /None is right/],
    ['there is no such request', {}, { cases: ['none'] }, /no such request/],
  ])('where %s', async (_, changes, choice, remark) => {
    const shown = await show({ ...aRun(), ...changes }, choice as Partial<ShowChoice>);
    expect(shown.cases).toEqual([]);
    expect(shown.remark).toMatch(remark);
    expect(
      renderShown(shown, { columns: 80, colour: false, full: false, reasoning: false }),
    ).toMatch(remark);
  });

  test('where texts were not kept', async () => {
    const run = aRun();
    const records = run.records.map((record) => ({ ...record, answer_text: null }));
    expect((await show({ ...run, records })).remark).toMatch(/not kept \(--no-text/);
  });

  test('a run without its plan is shown without prompts', async () => {
    const shown = await show({ ...aRun(), plan: null }, { cases: ['sum-10'] });
    expect(shown.cases[0]?.turns[0]).toMatchObject({ messages: null, expected: '42' });
  });
});

const plain = { columns: 80, colour: false, full: false, reasoning: false };

describe('as text', () => {
  test('golden', async () => {
    const text = renderShown(await show(aRun()), plain);
    await expect(text).toMatchFileSnapshot('golden/show.txt');
  });

  test('golden, by case', async () => {
    const shown = await show(aRun(), { by: 'case' });
    await expect(renderShown(shown, plain)).toMatchFileSnapshot('golden/show-by-case.txt');
  });

  test.each([40, 60, 80, 120])('no line is wider than %i columns', async (columns) => {
    for (const by of ['model', 'case'] as const) {
      const text = renderShown(await show(aRun(), { by }), { ...plain, columns });
      for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  test('nothing that a model wrote acts on the terminal', async () => {
    const text = renderShown(await show(aRun()), { ...plain, full: true, reasoning: true });
    expect(text).not.toContain(String.fromCharCode(27));
    expect(text).not.toContain('\u202e');
    expect(text).toContain('\\x1b[31m42');
  });

  test('whole texts where asked for', async () => {
    const shown = await show(aRun());
    expect(renderShown(shown, plain)).not.toContain('Line 15 of');
    expect(renderShown(shown, { ...plain, full: true })).toContain('Line 15 of');
    expect(renderShown(shown, plain)).toContain('412 tokens, --reasoning to read it');
    expect(renderShown(shown, { ...plain, reasoning: true })).toContain('Let me think.');
  });

  test('no text is lost to its script', async () => {
    const shown = await show(aRun(), { cases: ['sum-2'] });
    const text = renderShown(shown, { ...plain, full: true }).replaceAll(/\s/g, '');
    expect(text).toContain('答えは四十二です。'.repeat(20));
  });
});

describe('as Markdown', () => {
  test('golden', async () => {
    const text = shownMarkdown(await show(aRun()), plain);
    await expect(text).toMatchFileSnapshot('golden/show.md.txt');
  });

  test('nothing leaves its fence', async () => {
    const run = aRun();
    const answer = '```\n# owned\n````\n<script>';
    const records = [aRecord({ request_id: 'r1', case_id: 'sum-2', answer_text: answer })];
    const text = shownMarkdown(await show({ ...run, records }), plain);
    expect(text).toContain(`\`\`\`\`\`\n${answer}\n\`\`\`\`\``);
  });
});
