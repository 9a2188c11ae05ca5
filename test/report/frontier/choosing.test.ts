import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { type Figure, readFigure } from '../../../src/frontier/figure.ts';
import { frontierOf } from '../../../src/frontier/frontier.ts';
import { type Need, readNeed } from '../../../src/frontier/needs.ts';
import { pickOf } from '../../../src/frontier/pick.ts';
import { frontierCsv } from '../../../src/report/frontier/csv.ts';
import { frontierMarkdown, renderFrontier } from '../../../src/report/frontier/text.ts';
import { renderPick } from '../../../src/report/pick/text.ts';
import { displayWidth } from '../../../src/report/text.ts';
import { type ModelShape, madeRun, pooled } from '../../frontier/candidates.ts';

const MARKET: ModelShape[] = [
  { model: 'DeepSeek-R1', skill: 0.95, ttftMs: 1200, e2eMs: 9000, costUsd: 0.011 },
  { model: 'LLama-3.3-70B-Instruct', skill: 0.9, ttftMs: 400, e2eMs: 4000, costUsd: 0.004 },
  { model: 'Qwen2.5-Coder-32B-Instruct', skill: 0.7, ttftMs: 500, e2eMs: 5000, costUsd: 0.006 },
  { model: 'Qwen2.5-7B-chat', skill: 0.6, ttftMs: 60, e2eMs: 900, costUsd: 0.0004 },
  { model: 'SaoLa-Llama3.1-planner', skill: 0.6, ttftMs: 100, e2eMs: 1000, failing: 0.2 },
];

function frontier(simulated = false) {
  const run = madeRun(MARKET, { simulated });
  return frontierOf(pooled([run]), [run.manifest], {
    quality: 'score',
    speed: readFigure('e2e') as Figure,
  });
}

function pick(needs: string[], objective: string, shapes = MARKET) {
  const run = madeRun(shapes, { simulated: true });
  const figure = readFigure(objective) as Figure;
  return pickOf(pooled([run]), [run.manifest], {
    needs: needs.map((text) => readNeed(text) as Need),
    objective: figure,
    direction: figure.better === 'lower' ? 'minimise' : 'maximise',
    confidence: 0.9,
  });
}

const plain = (columns: number) => ({ columns, colour: false });

describe('the frontier', () => {
  test.each([80, 200])('golden at %i columns', async (columns) => {
    const text = renderFrontier(frontier(true), plain(columns));
    await expect(text).toMatchFileSnapshot(`../golden/frontier-${columns}.txt`);
  });

  test('golden, as Markdown', async () => {
    await expect(frontierMarkdown(frontier())).toMatchFileSnapshot('../golden/frontier.md.txt');
  });

  test.each([40, 60, 80, 120, 200])('no line is wider than %i', (columns) => {
    for (const line of renderFrontier(frontier(true), plain(columns)).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  test('as CSV: a line for each model, n/a an empty cell', () => {
    const rows = parse(frontierCsv(frontier()), { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(5);
    const row = (model: string) => rows.find((one) => one.model === model);
    expect(row('SaoLa-Llama3.1-planner')).toMatchObject({
      cost_per_request_usd: '',
      on_frontier: '',
      dominated_by: '',
    });
    const coder = row('Qwen2.5-Coder-32B-Instruct');
    expect(coder).toMatchObject({ on_frontier: 'false', dominated_by: 'LLama-3.3-70B-Instruct' });
    expect(Number(coder?.dominated_probability)).toBeGreaterThan(0.9);
    const [each, thousand] = [coder?.cost_per_request_usd, coder?.cost_per_1000_requests_usd];
    expect(Number(thousand)).toBeCloseTo(1000 * Number(each), 6);
    expect(coder?.speed_metric).toBe('e2e_ms:p(50)');
  });

  test('a simulated one says so above and below', () => {
    for (const text of [
      renderFrontier(frontier(true), plain(100)),
      frontierMarkdown(frontier(true)),
    ]) {
      const lines = text.trim().split('\n');
      expect(lines[0]).toContain('SIMULATED');
      expect(lines.at(-1)).toBe(lines[0]);
    }
    expect(renderFrontier(frontier(), plain(100))).not.toContain('SIMULATED');
  });

  test('names of models act on nothing', () => {
    const run = madeRun([{ model: 'evil\u001b[31m|x', skill: 1, costUsd: 1 }]);
    const made = frontierOf(pooled([run]), [run.manifest], {
      quality: 'score',
      speed: readFigure('ttft') as Figure,
    });
    expect(renderFrontier(made, plain(120))).toContain('evil\\x1b[31m|x');
    expect(frontierMarkdown(made)).toContain('evil\\\\x1b\\[31m\\|x');
  });
});

describe('a pick', () => {
  test('golden: sure', async () => {
    const text = renderPick(pick(['score>0.8', 'ttft_ms:p(50)<800'], 'cost'), plain(100));
    await expect(text).toMatchFileSnapshot('../golden/pick-sure.txt');
  });

  test('golden: unsure', async () => {
    const text = renderPick(pick(['score>0.6'], 'e2e'), plain(100));
    await expect(text).toMatchFileSnapshot('../golden/pick-unsure.txt');
  });

  test('golden: none', async () => {
    const text = renderPick(pick(['score>0.9', 'ttft_ms:p(50)<100'], 'cost'), plain(100));
    await expect(text).toMatchFileSnapshot('../golden/pick-none.txt');
  });

  test.each([40, 60, 80, 120])('no line is wider than %i', (columns) => {
    for (const line of renderPick(pick(['score>0.6'], 'cost'), plain(columns)).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  test('the answer is the first line behind the notice', () => {
    const [notice, , first] = renderPick(pick(['score>0.8'], 'cost'), plain(200)).split('\n');
    expect(notice).toContain('SIMULATED');
    expect(first).toMatch(
      /^LLama-3\.3-70B-Instruct: the lowest cost of 2 that meet score>0\.8, \$0\.00\d+; .*sure\.$/,
    );
  });
});
