import type { HistoryPower } from '../../gate/power/types.ts';
import { metricNameOf } from '../check/metric-name.ts';
import type { Grid } from '../grid.ts';
import { NOT_AVAILABLE } from '../numbers.ts';
import { truncateMiddle } from '../text.ts';
import { chanceWords, changeWords, subjectOf, twoDigits } from './words.ts';

const HEAD = ['', 'runs', 'run to\nrun, %', 'worse\nby', 'fails\n%', 'runs\nneeded'];

/** What the next run is seen to be by, against its history. */
export function historyGrid(history: readonly HistoryPower[], columns: number): Grid {
  const known = history.filter(({ unknown }) => unknown === null);
  const subjects = [...new Set(known.map((one) => subjectOf(one, history)))];
  return {
    head: HEAD,
    align: HEAD.map((title) => (title === '' ? 'left' : 'right')),
    rows: subjects.flatMap((subject) => [
      { heading: truncateMiddle(subject, columns) },
      ...known.filter((one) => subjectOf(one, history) === subject).flatMap(metricCells),
    ]),
  };
}

function metricCells({ metric, runs, sd, changes, smallest_change }: HistoryPower): string[][] {
  const names = [`  ${metricNameOf(metric).title}`, String(runs), sd === null ? '' : twoDigits(sd)];
  const least = smallest_change === null ? NOT_AVAILABLE : changeWords(metric, smallest_change);
  const rows = [
    ...changes.map((one) => [
      changeWords(metric, one.change),
      chanceWords(one.chance),
      one.runs === null ? 'never' : String(one.runs),
    ]),
    [least, '', String(runs)],
  ];
  return rows.map((cells, index) => [...(index === 0 ? names : ['', '', '']), ...cells]);
}
