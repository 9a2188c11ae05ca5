import type { Frontier, FrontierModel } from '../../frontier/types.ts';
import { metricNameOf } from '../check/metric-name.ts';
import { estimatedColumn, plainColumn, textColumn } from '../column-grid.ts';
import type { Column } from '../columns.ts';
import { formatFigure, formatPercent, formatUnitUsd, formatUsd } from '../numbers.ts';

/** The columns that these models call for. */
export function frontierColumns(frontier: Frontier): Column<FrontierModel>[] {
  const { models, quality, speed, axes } = frontier;
  const several = (of: (model: FrontierModel) => unknown) => new Set(models.map(of)).size > 1;
  const columns: (Column<FrontierModel> | false)[] = [
    textColumn('model', ({ label }) => label, 30),
    several(({ target }) => target) && textColumn('target', ({ target }) => target, 10),
    estimatedColumn(`${quality} %`, (model) => model.quality, formatPercent, 0, true),
    ...timeColumns(speed),
    axes.includes('cost') &&
      estimatedColumn('$ / 1000', (one) => one.cost_per_1000_requests_usd, formatUsd, 1),
    axes.includes('cost') &&
      estimatedColumn('$ each', (one) => one.cost_per_request_usd, formatUnitUsd, 9),
    estimatedColumn('err %', ({ error_rate }) => error_rate, formatPercent, 3, true),
    plainColumn('cases', ({ cases }) => String(cases), 5),
    textColumn('dominated by', dominatedText, 26),
  ];
  return columns.filter((column) => column !== false);
}

const TIMES = [
  ['TTFT p50', 'ttft_ms_p50', 'ttft_ms:p(50)', 4],
  ['tok/s', 'decode_tokens_per_second_p50', 'decode_tokens_per_second:p(50)', 6],
  ['E2E p50', 'e2e_ms_p50', 'e2e_ms:p(50)', 4.5],
] as const;

/** The speed that is weighed stays in any terminal, and stands apart where it is none of the usual. */
function timeColumns(speed: string): Column<FrontierModel>[] {
  const usual = TIMES.map(([title, name, text, rank]) =>
    estimatedColumn<FrontierModel>(
      title,
      (model) => model[name],
      formatFigure,
      text === speed ? 0.5 : rank,
    ),
  );
  if (TIMES.some(([, , text]) => text === speed)) return usual;
  return [
    estimatedColumn<FrontierModel>(
      metricNameOf(speed).title,
      (model) => model.speed,
      formatFigure,
      0.5,
    ),
    ...usual,
  ];
}

/** Who beats a model on all that is weighed, the surest first. */
export function dominatedText({ dominated_by, lacking, on_frontier }: FrontierModel): string {
  if (lacking.length > 0) return `n/a: no ${lacking.join(', ')}`;
  if (on_frontier === null) return 'n/a';
  const [first, ...others] = dominated_by;
  if (first === undefined) return '–';
  const more = others.length === 0 ? '' : ` +${others.length}`;
  return `${first.label} (${percentOf(first.probability)} %)${more}`;
}

/** A probability, which is never told as certain. */
export function percentOf(probability: number): string {
  if (probability > 0.99) return '>99';
  return probability < 0.01 ? '<1' : String(Math.round(100 * probability));
}
