import pc from 'picocolors';
import { differenceFrom } from '../baseline/difference.ts';
import type { Baseline, BaselineRow } from '../baseline/types.ts';
import { type LevelChange, levelChangesIn } from '../gate/history/changes.ts';
import type { GatedMetric } from '../gate/metric.ts';
import { rowKey } from '../metrics/row-key.ts';
import type { EstimateName } from '../metrics/types.ts';
import { quantile } from '../stats/quantile.ts';
import { drawGrid } from './grid.ts';
import {
  counted,
  formatCount,
  formatFigure,
  formatOptional,
  formatPercent,
  formatUsd,
} from './numbers.ts';
import { neutralise, wrap } from './text.ts';
import type { TextOptions } from './view.ts';

/** Runs whose figures may be held against one another. */
export interface ListedHistory {
  /** In the order of time. */
  runs: Baseline[];
  changes: LevelChange[];
  /** From the newest history to this one; `null` of the newest. */
  difference: string | null;
}

/**
 * Runs sorted into histories, that of the newest run last.
 * @param baselines in the order of time
 */
export function historiesOf(
  baselines: readonly Baseline[],
  metrics: readonly GatedMetric[],
): ListedHistory[] {
  const histories: Baseline[][] = [];
  for (const baseline of baselines) {
    const own = histories.find(([first]) => first && differenceFrom(first, baseline) === null);
    if (own === undefined) histories.push([baseline]);
    else own.push(baseline);
  }
  const newest = baselines.at(-1);
  return histories
    .sort((a, b) => (startOf(a.at(-1)) < startOf(b.at(-1)) ? -1 : 1))
    .map((runs) => ({
      runs,
      changes: levelChangesIn(runs, metrics),
      difference: newest && runs[0] ? differenceFrom(newest, runs[0]) : null,
    }));
}

function startOf(baseline: Baseline | undefined): string {
  return baseline?.started_at ?? '';
}

const FIGURES: [string, EstimateName][] = [
  ['TTFT p50', 'ttft_ms_p50'],
  ['TPOT p50', 'tpot_ms_p50'],
  ['E2E p50', 'e2e_ms_p50'],
];
/** Changes listed of one history; the rest is in `--json`. */
const CHANGES_MOST = 20;

/** Histories as text: a table of the runs of each, and the changes of level in it. */
export function renderHistories(
  histories: readonly ListedHistory[],
  options: TextOptions & { leastRuns: number },
): string {
  const { yellow } = pc.createColors(options.colour);
  const blocks = histories.flatMap(({ runs, changes, difference }) => [
    difference === null
      ? ''
      : wrap(
          `Of another plan, and passed over by checks of the newest: ${neutralise(difference)}`,
          options.columns,
        ),
    drawRuns(runs, changes, options),
    noteOf(runs, options),
    changes.length === 0 ? '' : changesText(changes, options),
  ]);
  const simulated = histories.some(({ runs }) => runs.some((run) => run.simulated));
  const notice = "SIMULATED: these figures are the embedded simulator's, not any provider's.";
  return [simulated ? yellow(notice) : '', ...blocks].filter((block) => block !== '').join('\n\n');
}

function drawRuns(runs: Baseline[], changes: LevelChange[], { colour }: TextOptions): string {
  const { red, green } = pc.createColors(colour);
  const paint = (change: LevelChange) => (isWorse(change) ? red : green)(stepOf(change));
  return drawGrid(
    {
      head: ['run', 'git', 'ok', 'err %', ...FIGURES.map(([title]) => title), 'cost', ''],
      align: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'left'],
      rows: runs.map((run) => {
        const here = changes.filter(({ run_id }) => run_id === run.run_id);
        const rows = run.rows.filter(({ requests }) => requests.planned > requests.skipped);
        const { ok, failed, planned } = totalsOf(rows);
        return [
          neutralise(run.run_id),
          run.git === null ? '' : `${run.git.revision.slice(0, 7)}${run.git.dirty ? '+' : ''}`,
          `${formatCount(ok)}/${formatCount(planned)}`,
          ok + failed === 0 ? 'n/a' : formatPercent(failed / (ok + failed)),
          ...FIGURES.map(([, name]) => formatOptional(medianOf(rows, name), formatFigure)),
          formatOptional(costOf(rows), formatUsd),
          here.length === 0 ? '' : `${paint(largest(here))} here`,
        ];
      }),
    },
    colour,
  );
}

function noteOf(runs: readonly Baseline[], options: TextOptions & { leastRuns: number }): string {
  const rows = new Set(runs.flatMap((run) => run.rows.map(rowKey)));
  const missing = options.leastRuns - runs.length;
  const lines = [
    missing > 0
      ? `${counted(runs.length, 'run')}: verdicts count from ${options.leastRuns} on.`
      : '',
    'Times in ms. +: with changes that were not committed.',
    rows.size > 1
      ? `Figures are medians over ${rows.size} rows (target, model, suite); -m and -s show some of them.`
      : '',
  ];
  return wrap(lines.filter((line) => line !== '').join(' '), options.columns);
}

function changesText(changes: readonly LevelChange[], { columns, colour }: TextOptions): string {
  const { bold } = pc.createColors(colour);
  const lines = changes.slice(-CHANGES_MOST).map((change) => {
    const { run_id, label, suite, metric, before, after, scale } = change;
    const format =
      scale === 'ratio' ? formatFigure : (value: number) => `${formatPercent(value)} %`;
    const text = `${run_id}: ${stepOf(change)}, ${label} · ${suite} · ${metric}: ${format(before)} → ${format(after)}`;
    return wrap(neutralise(text), columns, '  ', '    ');
  });
  const more = changes.length - lines.length;
  const rest = more > 0 ? [`  … and ${more} earlier ones: --json has all`] : [];
  return [bold('Changes of level'), ...rest, ...lines].join('\n');
}

/** `↑ +15 %`, of an error rate `↑ +2.1 points`. */
function stepOf({ change, scale }: LevelChange): string {
  const size = 100 * change;
  const text = Math.abs(size) < 10 ? size.toFixed(1) : size.toFixed(0);
  return `${change > 0 ? '↑ +' : '↓ '}${text.replace('-', '−')} ${scale === 'ratio' ? '%' : 'points'}`;
}

function isWorse({ change, better }: LevelChange): boolean {
  return change > 0 === (better === 'lower');
}

/** A ratio before a difference, which is of another kind. */
function largest(changes: readonly LevelChange[]): LevelChange {
  const size = ({ change, scale }: LevelChange) => (scale === 'ratio' ? 1 : 0) + Math.abs(change);
  return changes.reduce((a, b) => (size(b) > size(a) ? b : a));
}

function totalsOf(rows: readonly BaselineRow[]) {
  const sum = (of: (row: BaselineRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    ok: sum(({ requests }) => requests.ok),
    failed: sum(({ requests }) => requests.failed),
    planned: sum(({ requests }) => requests.planned),
  };
}

function medianOf(rows: readonly BaselineRow[], name: EstimateName): number | null {
  const values = rows.flatMap(({ estimates }) => estimates[name].value ?? []);
  return (
    quantile(
      values.sort((a, b) => a - b),
      0.5,
    ) ?? null
  );
}

function costOf(rows: readonly BaselineRow[]): number | null {
  if (rows.length === 0 || rows.some(({ cost_usd }) => cost_usd === null)) return null;
  return rows.reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0);
}
