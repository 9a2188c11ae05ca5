import type { AtLooks, ChangePower, MetricPower, RowPower } from '../../gate/power/types.ts';
import { metricNameOf } from '../check/metric-name.ts';
import { GAP, type Grid } from '../grid.ts';
import { formatCount, NOT_AVAILABLE } from '../numbers.ts';
import { displayWidth, truncate, truncateMiddle } from '../text.ts';
import { chanceWords, changeWords, isOfPoints, rangeWords, subjectOf, twoDigits } from './words.ts';

/** A name is cut no further than this. */
const LEAST_NAME_COLUMNS = 12;
const HEAD = [
  '',
  'worse\nby',
  'pairs\nneeded',
  'range',
  'fails\n%',
  'passes\n%',
  'open\n%',
  'pairs\nsent',
];

/** What it takes to see each change of each metric, and what the check says at its own looks. */
export function pairsGrid(rows: readonly RowPower[], columns: number): Grid {
  const groups = rows.map((row) => ({
    heading: truncateMiddle(subjectOf(row, rows), columns),
    cells: row.metrics.filter(({ unknown }) => unknown === null).flatMap(metricCells),
  }));
  const nameColumns = Math.max(
    LEAST_NAME_COLUMNS,
    columns - figureColumns(groups.flatMap(({ cells }) => cells)),
  );
  return {
    head: HEAD,
    align: HEAD.map((title) => (title === '' || title === 'range' ? 'left' : 'right')),
    rows: groups.flatMap(({ heading, cells }) => [
      { heading },
      ...cells.map(([name = '', ...figures]) => [truncate(name, nameColumns), ...figures]),
    ]),
  };
}

/** What all columns but the first take, with the blanks in front of them. */
function figureColumns(rows: readonly string[][]): number {
  return HEAD.slice(1)
    .map((title, index) => [...title.split('\n'), ...rows.map((row) => row[index + 1] ?? '')])
    .reduce((sum, cells) => sum + GAP + Math.max(...cells.map(displayWidth)), 0);
}

/** The metric unchanged, changed as asked, and by the least that the last look shows. */
function metricCells(metric: MetricPower): string[][] {
  const { title, unit, format } = metricNameOf(metric.metric);
  const figure = metric.value === null ? '' : ` ${format(metric.value)}${unit}`;
  const names = [`  ${title}${figure}`, `  ${noiseWords(metric)}`];
  const rows = [
    ['0', '', '', ...chanceCells(metric.unchanged)],
    ...metric.changes.map((change) => changeCells(metric, change)),
    leastCells(metric),
  ];
  return rows.map((cells, index) => [names[index] ?? '', ...cells]);
}

function changeCells({ metric }: MetricPower, { change, pairs, at_looks }: ChangePower): string[] {
  return [
    changeWords(metric, change),
    pairs.value === null ? 'never' : formatCount(pairs.value),
    rangeWords(pairs),
    ...chanceCells(at_looks),
  ];
}

function leastCells({ metric, smallest_change, last_look }: MetricPower): string[] {
  const change = smallest_change === null ? NOT_AVAILABLE : changeWords(metric, smallest_change);
  return [change, formatCount(last_look), '', '', '', '', ''];
}

function chanceCells(chances: AtLooks | null): string[] {
  if (chances === null) return ['', '', '', ''];
  const { fail, pass, inconclusive, pairs_mean } = chances;
  return [...[fail, pass, inconclusive].map(chanceWords), formatCount(pairs_mean)];
}

/** Of a ratio in percent of itself; an error rate is its own noise. */
function noiseWords({ metric, noise }: MetricPower): string {
  if (noise === null) return '';
  const [sd, ...ends] = [noise.sd, noise.low, noise.high].map(twoDigits);
  const range = ends.join('–');
  if (metric !== 'error_rate' && isOfPoints(metric)) return `${sd} % differ (${range})`;
  return metric === 'error_rate' ? `between ${range} %` : `noise ${sd} % (${range})`;
}
