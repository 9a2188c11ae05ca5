// Text from models and servers: graders, tables, CSV, and keys taken out of it.
import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { requestsCsv } from '../../../dist/report/csv.js';
import {
  displayWidth,
  fold,
  neutralise,
  truncate,
  truncateMiddle,
  wrap,
} from '../../../dist/report/text.js';
import { gradeAnswer } from '../../../dist/score/grade.js';
import { createRedactor } from '../../../dist/secrets.js';

const GRADED_MS_MAX = 1000;

const piece = fc.constantFrom(
  'Answer: 42',
  'the answer is',
  '**',
  '\\boxed{',
  '}',
  '$',
  '1,234.5',
  '1 234',
  '½',
  '三千',
  'twenty-one',
  'A)',
  '(B)',
  'safe',
  'unsafe\nS1',
  '```json\n',
  '```',
  '{"a":',
  '[1,',
  '"',
  '\\',
  '<think>',
  '\u001b[31m',
  '\u202e',
  '\0',
  '=1+1',
  '@x',
  ';',
  '\t',
  '\r\n',
  '|',
  '<b>',
  '😀',
  '\ud800',
  'é',
  '\u0301',
  '９',
  '-',
  'e',
  '10^',
  '%',
  '/',
);
const text = fc.oneof(
  { arbitrary: fc.array(piece, { maxLength: 30 }).map((all) => all.join('')), weight: 3 },
  { arbitrary: fc.string({ maxLength: 200, unit: 'binary' }), weight: 1 },
  // What a pattern that looks back again and again would take quadratic time over, or worse.
  {
    arbitrary: fc
      .tuple(
        fc.oneof(piece, fc.string({ minLength: 1, maxLength: 3 })),
        fc.integer({ min: 200, max: 4000 }),
        piece,
      )
      .map(([unit, times, end]) => unit.repeat(times) + end),
    weight: 1,
  },
);

const EXPECTATIONS = [
  { type: 'match', value: '42' },
  { type: 'choice', value: 'A', choices: ['one', 'two', 'three'] },
  { type: 'label', value: 'safe' },
  { type: 'json', value: { type: 'object' } },
  { type: 'contains-json', value: { type: 'object' } },
  { type: 'icontains', value: 'x' },
  { type: 'equals', value: 'x' },
  { type: 'starts-with', value: 'x' },
  { type: 'contains-any', value: ['a', 'b'] },
  { type: 'levenshtein', value: 'abc', threshold: 5 },
  { type: 'is-refusal' },
  { type: 'empty' },
];

/** @type {import('./index.mjs').Check<{ said: string, expect: any, cutOff: boolean }>} */
const graded = {
  name: 'graded',
  about: 'any answer has a mark from any grader, within a second',
  batch: 50,
  prepare: () => ({
    input: fc.record({
      said: text,
      expect: fc.constantFrom(...EXPECTATIONS),
      cutOff: fc.boolean(),
    }),
    run: ({ said, expect, cutOff }) => {
      const answered = {
        text: said,
        reasoning: '',
        toolCalls: [],
        finishReason: cutOff ? 'length' : 'stop',
        messages: [{ role: /** @type {const} */ ('user'), content: 'x' }],
        reference: null,
        ttftMs: 1,
        e2eMs: 2,
        costUsd: null,
      };
      let best = Number.POSITIVE_INFINITY;
      for (let attempt = 0; attempt < 3 && best > GRADED_MS_MAX; attempt++) {
        const beganMs = performance.now();
        const grade = gradeAnswer(answered, [expect], { regexMs: 100 });
        best = Math.min(best, performance.now() - beganMs);
        assert.ok(['right', 'wrong', 'ungraded'].includes(grade.mark));
        assert.equal(grade.score === null, grade.mark === 'ungraded');
        assert.equal(grade.reason === null, grade.mark === 'right');
      }
      assert.ok(best <= GRADED_MS_MAX, `took ${Math.round(best)} ms`);
    },
  }),
};

/** @type {import('./index.mjs').Check<{ said: string, columns: number }>} */
const shown = {
  name: 'shown',
  about: 'shown text holds no control and fits its width',
  batch: 200,
  prepare: () => ({
    input: fc.record({ said: text, columns: fc.integer({ min: 8, max: 200 }) }),
    run: ({ said, columns }) => {
      const safe = neutralise(said);
      assert.doesNotMatch(safe, /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
      assert.equal(neutralise(safe), safe, 'twice the same');
      for (const short of [truncate(safe, columns), truncateMiddle(safe, columns)]) {
        assert.ok(displayWidth(short) <= columns, `${displayWidth(short)} in ${columns}`);
      }
      for (const line of fold(safe, columns)) assert.ok(displayWidth(line) <= columns + 1);
      for (const line of wrap(safe, columns).split('\n')) assert.ok(displayWidth(line) <= columns);
    },
  }),
};

/** @type {import('./index.mjs').Check<{ record: any }>} */
const csv = {
  name: 'csv',
  about: 'a record with any texts is one row that a CSV reader reads, without a cell that computes',
  batch: 20,
  prepare: ({ recordLines }) => {
    const whole = JSON.parse(recordLines[0] ?? '{}');
    return {
      input: fc
        .record({ answer: text, error: text, model: text, suite: text })
        .map(({ answer, error, model, suite }) => ({
          record: { ...whole, answer_text: answer, error_message: error, model, suite },
        })),
      run: async ({ record }) => {
        let out = '';
        const records = (async function* () {
          yield record;
          yield whole;
        })();
        for await (const part of requestsCsv(
          records,
          /** @type {any} */ ({ simulated: true, run_id: 'x' }),
          null,
        ))
          out += part;
        /** @type {string[][]} */
        const rows = parse(out, { relax_column_count: true, bom: true });
        const table = rows.filter(({ length }) => length > 1);
        assert.equal(table.length, 3, `${table.length} rows`);
        assert.equal(new Set(table.map(({ length }) => length)).size, 1, 'columns');
        for (const cell of table.flat()) {
          assert.doesNotMatch(cell, /^[=+@\t\r]/);
          if (cell.startsWith('-')) assert.ok(Number.isFinite(Number(cell)), cell);
        }
      },
    };
  },
};

/** @type {import('./index.mjs').Check<{ key: string, before: string, after: string }>} */
const secrets = {
  name: 'secrets',
  about:
    'nothing of a key is left in text or bytes, as it is, URL-encoded or in JSON; lengths stay',
  batch: 300,
  prepare: () => ({
    input: fc.record({
      // What holds an escape itself is taken for what that stands for.
      key: fc
        .string({ minLength: 12, maxLength: 60 })
        .map((one) => `sk${one.trim().replace(/[%&\\]/g, '-')}xyzxyz`),
      before: text,
      after: text,
    }),
    run: ({ key, before, after }) => {
      const redactor = createRedactor([{ value: key, name: 'the key', isKey: true }]);
      for (const form of [key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1)]) {
        const whole = `${before}${form}${after}`;
        const redacted = redactor.text(whole);
        assert.ok(!redacted.includes(form), form);
        const bytes = Buffer.from(whole);
        const { length } = bytes;
        redactor.bytes(bytes);
        assert.equal(bytes.length, length);
        assert.ok(!bytes.includes(form), form);
      }
    },
  }),
};

/** @type {import('./index.mjs').Target} */
export const texts = { name: 'texts', checks: [graded, shown, csv, secrets] };
