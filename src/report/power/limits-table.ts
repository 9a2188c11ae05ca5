import type { LimitPower } from '../../gate/power/types.ts';
import { metricNameOf } from '../check/metric-name.ts';
import type { Grid } from '../grid.ts';
import { formatCount, NOT_AVAILABLE } from '../numbers.ts';
import { neutralise, truncateMiddle } from '../text.ts';
import { rangeWords, subjectOf } from './words.ts';

const HEAD = ['', 'now', 'n', 'would\nbe', 'requests\nneeded', 'range'];
const FIGURES_COLUMNS = 50;

/** How many requests each limit takes to decide. */
export function limitsGrid(limits: readonly LimitPower[], columns: number): Grid {
  const subjects = [...new Set(limits.map((limit) => subjectOf(limit, limits)))];
  return {
    head: HEAD,
    align: HEAD.map((title) => (title === '' || title === 'range' ? 'left' : 'right')),
    rows: subjects.flatMap((subject) => [
      { heading: truncateMiddle(subject, columns) },
      ...limits
        .filter((limit) => subjectOf(limit, limits) === subject)
        .map((limit) => limitCells(limit, columns)),
    ]),
  };
}

function limitCells(limit: LimitPower, columns: number): string[] {
  const { threshold, value, samples, verdict, requests } = limit;
  const { format, unit } = metricNameOf(threshold.replace(/[<>].*$/, ''));
  const text = truncateMiddle(neutralise(threshold), Math.max(20, columns - FIGURES_COLUMNS));
  return [
    `  ${text}`,
    value === null ? NOT_AVAILABLE : `${format(value)}${unit}`,
    formatCount(samples),
    verdict ?? NOT_AVAILABLE,
    requests.value === null ? NOT_AVAILABLE : formatCount(requests.value),
    rangeWords(requests),
  ];
}
