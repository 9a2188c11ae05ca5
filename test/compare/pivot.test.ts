import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../src/compare/compare.ts';
import { pivot } from '../../src/compare/pivot.ts';
import { readSort } from '../../src/compare/sort.ts';
import type { Field } from '../../src/compare/types.ts';
import { aRun, tenRecords } from './fixtures.ts';

const MS: Record<string, number> = { x: 300, y: 100, z: 200 };
const models = (factor: number) =>
  Object.entries(MS).flatMap(([model, ms]) =>
    ['chat', 'code'].flatMap((suite, i) =>
      tenRecords(factor * (ms + 1000 * i), { model, suite, case_id: suite }),
    ),
  );
const run = aRun('a', models(1));
const comparison = compareRuns([run]);

/** Names of the lines, and of the columns of cells. */
function shapeOf(by: Field[], of = comparison, sort?: string) {
  const { lines, columns, across } = pivot(of, by, sort === undefined ? undefined : readSort(sort));
  return { lines: lines.map(({ names }) => names.join(' ')), columns, across };
}

describe('lines', () => {
  test('by model: the suites stand beside one another', () => {
    expect(shapeOf(['model'])).toEqual({
      lines: ['x', 'y', 'z'],
      columns: [['chat'], ['code']],
      across: ['suite'],
    });
  });

  test('by suite and model: nothing is left', () => {
    expect(shapeOf(['suite', 'model'])).toEqual({
      lines: ['chat x', 'chat y', 'chat z', 'code x', 'code y', 'code z'],
      columns: [[]],
      across: [],
    });
  });

  test('of runs: what goes with the run is not said twice', () => {
    const other = aRun(
      'b',
      models(2).map((record) => ({ ...record, target: 'elsewhere' })),
    );
    expect(shapeOf(['model', 'suite'], compareRuns([run, other]))).toMatchObject({
      columns: [['a'], ['b']],
      across: ['run'],
    });
  });

  test('each cell is the figure of its own', () => {
    const { lines } = pivot(comparison, ['model']);
    const figures = lines.map(({ cells }) =>
      cells.map((cell) => cell?.row.metrics[1]?.estimates[cell.side]?.value),
    );
    expect(figures).toEqual([
      [300, 1300],
      [100, 1100],
      [200, 1200],
    ]);
  });
});

describe('sorted', () => {
  test.each([
    ['ttft', ['y', 'z', 'x']],
    ['-ttft', ['x', 'z', 'y']],
  ])('by %s', (sort, lines) => {
    expect(shapeOf(['model'], comparison, sort).lines).toEqual(lines);
  });

  test('within each group', () => {
    expect(shapeOf(['suite', 'model'], comparison, 'ttft').lines).toEqual([
      'chat y',
      'chat z',
      'chat x',
      'code y',
      'code z',
      'code x',
    ]);
  });

  test('what has no figure is last, either way', () => {
    const few = aRun('a', [
      ...models(1),
      ...tenRecords(1, { model: 'few', suite: 'chat' }).slice(4),
    ]);
    for (const sort of ['ttft', '-ttft']) {
      expect(shapeOf(['model'], compareRuns([few]), sort).lines.at(-1)).toBe('few');
    }
  });
});

describe('sorting a comparison', () => {
  test('of one row: the sides, behind the base', () => {
    const one = aRun(
      'a',
      models(1).filter(({ suite }) => suite === 'chat'),
    );
    const { runs, rows } = compareRuns([one], { sort: readSort('ttft') });
    expect(runs.map(({ name }) => name)).toEqual(['x', 'y', 'z']);
    const down = compareRuns([one], { sort: readSort('-ttft') });
    expect(down.runs.map(({ name }) => name)).toEqual(['x', 'z', 'y']);
    const values = (metrics = rows[0]?.metrics) =>
      metrics?.[1]?.estimates.map((each) => each?.value);
    expect(values()).toEqual([300, 100, 200]);
    expect(values(down.rows[0]?.metrics)).toEqual([300, 200, 100]);
  });

  test('of several: the rows, by the base', () => {
    const both = compareRuns([run, aRun('b', models(2))], { sort: readSort('-ttft') });
    expect(both.rows.map(({ model, suite }) => `${model} ${suite}`)).toEqual([
      'x code',
      'z code',
      'y code',
      'x chat',
      'z chat',
      'y chat',
    ]);
  });

  test('what is sorted by is shown', () => {
    const sorted = compareRuns([run], { sort: readSort('ttfat'), metrics: ['error_rate'] });
    expect(sorted.rows[0]?.metrics.map(({ metric }) => metric)).toEqual([
      'error_rate',
      'ttfat_ms_p50',
    ]);
  });
});
