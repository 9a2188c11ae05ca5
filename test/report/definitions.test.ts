import { expect, test } from 'vitest';
import { definitionsOf } from '../../src/definitions/index.ts';
import { ownFigures } from '../../src/definitions/own.ts';
import { replyOf } from '../../src/definitions/reply.ts';
import { Tally } from '../../src/definitions/tally.ts';
import type { Definition } from '../../src/definitions/types.ts';
import { summarise } from '../../src/metrics/summary.ts';
import type { SummaryRow } from '../../src/metrics/types.ts';
import { type ByDefinitions, renderDefinitions } from '../../src/report/definitions.ts';
import { definitionsCsv, definitionsJson } from '../../src/report/definitions-data.ts';
import { chunk, DONE, data, tapeOf } from '../decode/tapes.ts';
import { aPlannedRow, aRecord } from '../metrics/fixtures.ts';
import { aManifest } from './fixtures.ts';

const usage = data({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 3 } });
const whole = tapeOf({
  reads: [
    [100, chunk({ role: 'assistant', content: '' })],
    [150, chunk({ content: 'a' })],
    [170, chunk({ content: 'b' }, { finish_reason: 'stop' })],
    [180, usage + DONE],
  ],
});
const cut = tapeOf({ reads: [[200, chunk({ content: 'a' })]] });

function figuresOf(definition: Definition, row: SummaryRow) {
  const tally = new Tally(definition);
  for (const tape of [whole, cut]) tally.add(replyOf(tape, {}), 0);
  return { row, definition, figures: tally.figures() };
}

function aView(changes: Partial<ByDefinitions> = {}): ByDefinitions {
  const records = Array.from({ length: 8 }, () => aRecord({ model: 'm\u001b[31m' }));
  const [row] = summarise(records, [aPlannedRow({ model: 'm\u001b[31m', planned: 8 })], {});
  if (row === undefined) throw new Error('no row');
  return {
    manifest: aManifest({ simulated: false }),
    rows: [
      { row, definition: null, figures: ownFigures(row) },
      ...definitionsOf(['vllm', 'llmperf', 'genai-bench']).map((one) => figuresOf(one, row)),
    ],
    untaped: 0,
    unread: [],
    ...changes,
  };
}

test('one line per definition: bounds, what is not known, and what a tool does not have', () => {
  const text = renderDefinitions(aView(), { columns: 120, colour: false });
  const [, , , model, ...lines] = text.split('\n');
  expect(model).toBe('m\\x1b[31m');
  expect(lines.slice(0, 4).map((line) => line.trim().split(/ +/))).toEqual([
    ['tokentape', '8', '0', '100', 'n/a', 'n/a', '10.0', 'n/a', 'n/a', 'n/a', '80', '400'],
    // TTFT 100 and 200; TPOT (170 − 100) / 2 of the reply with usage; gaps of 50 and 20.
    ['vllm', '2', '0', '150', '195', '199', '35.0', '35.0', '35.0', '48.5', '≥3', 'n/a'],
    // 170 ms over three chunks, 200 over one.
    ['llmperf', '2', '0', '175', '198', '200', '–', '–', '128', '193', 'n/a', 'n/a'],
    ['genai-bench', '2', '0', '175', '198', '200', '15.0', '15.0', '–', '–', '≥3', 'n/a'],
  ]);
  expect(text.replaceAll('\n', ' ')).toContain(
    'vllm counts a reply without usage with a tokenizer: some figure of 1 reply is n/a.',
  );
});

test('says whose replies only we count', () => {
  const view = aView({ untaped: 2, unread: ['wrap\u202eper'] });
  const text = renderDefinitions(view, { columns: 200, colour: false });
  expect(text).toContain('Only tokentape counts 2 replies of which no tape is left to read.');
  expect(text).toContain('reads the dialect of wrap\\u202eper: only tokentape');
});

test('is no wider than the terminal, and says what it left out', () => {
  for (const columns of [40, 60, 80, 100]) {
    const lines = renderDefinitions(aView(), { columns, colour: false }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  }
});

test('simulated figures say so above and below', () => {
  const view = aView({ manifest: aManifest({ simulated: true }) });
  const rows = view.rows.map((one) => ({ ...one, row: { ...one.row, simulated: true } }));
  const lines = renderDefinitions({ ...view, rows }, { columns: 120, colour: false }).split('\n');
  expect(lines[0]).toMatch(/^SIMULATED: /);
  expect(lines.at(-1)).toBe(lines[0]);
});

test('a run of which nothing was measured', () => {
  const text = renderDefinitions(aView({ rows: [] }), { columns: 120, colour: false });
  expect(text).toMatch(/^No request was measured\.\n/);
});

test('JSON and CSV hold the same figures', () => {
  const view = aView();
  const { rows } = JSON.parse(definitionsJson(view));
  expect(rows[1]).toMatchObject({
    definition: 'vllm',
    requests_ok: 2,
    ttft_ms: { n: 2, mean: 150, p50: 150, p95: 195, p99: 199 },
    output_tokens: 3,
    output_tokens_per_second: null,
    at_least: ['output_tokens'],
    lacking_tokenizer: 1,
  });
  expect(rows[2]).toMatchObject({ definition: 'llmperf', tpot_ms: null, output_tokens: null });
  const [head = '', , vllm = ''] = definitionsCsv(view).split('\n');
  const cells = Object.fromEntries(head.split(',').map((name, i) => [name, vllm.split(',')[i]]));
  expect(cells).toMatchObject({
    definition: 'vllm',
    ttft_ms_mean: '150',
    itl_ms_n: '2',
    output_tokens: '3',
    output_tokens_per_second: '',
    at_least: 'output_tokens',
  });
});
