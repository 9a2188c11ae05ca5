import pc from 'picocolors';
import type { Pick, PickedModel } from '../../frontier/pick-types.ts';
import { columnGrid, estimatedColumn, plainColumn, textColumn } from '../column-grid.ts';
import type { Column } from '../columns.ts';
import { percentOf } from '../frontier/columns.ts';
import { simulatedLine } from '../frontier/words.ts';
import { formatFigure, formatPercent, formatUnitUsd } from '../numbers.ts';
import { neutralise, wrap } from '../text.ts';
import type { TextOptions } from '../view.ts';
import { isShare, needText, pickDetails, pickHeadline, pickNotes, titleOf } from './words.ts';

/** A pick for a terminal or a pipe: the answer first, then what it rests on. */
export function renderPick(pick: Pick, options: TextOptions): string {
  const columns = Math.max(40, options.columns);
  const { yellow, bold } = pc.createColors(options.colour);
  const notice = simulatedLine(pick);
  const warn = (line: string | null) => (line === null ? '' : yellow(wrap(line, columns)));
  const told = (lines: string[]) => lines.map((line) => wrap(line, columns)).join('\n');
  const leftOut = pick.left_out.map(({ label, why }) => `${neutralise(label)}: ${neutralise(why)}`);
  return [
    warn(notice),
    bold(wrap(pickHeadline(pick), columns)),
    told(pickDetails(pick)),
    pick.models.length === 0
      ? ''
      : columnGrid(pickColumns(pick), pick.models, { ...options, columns }),
    leftOut.length === 0
      ? ''
      : ['Left out', ...leftOut.map((line) => wrap(line, columns, '  ', '    '))].join('\n'),
    pick.warnings.map((line) => warn(neutralise(line))).join('\n'),
    told(pickNotes(pick)),
    warn(notice),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function pickColumns({ models, objective, needs }: Pick): Column<PickedModel>[] {
  const targets = new Set(models.map(({ target }) => target)).size;
  const metric = objective.replace(/:.*/, '');
  const format = isShare(metric)
    ? formatPercent
    : /_usd$/.test(metric)
      ? formatUnitUsd
      : formatFigure;
  const title = isShare(metric) ? `${metric} %` : titleOf(objective);
  const columns: (Column<PickedModel> | false)[] = [
    textColumn('model', ({ label }) => label, 30),
    targets > 1 && textColumn('target', ({ target }) => target, 10),
    plainColumn('chance %', ({ best }) => percentOf(best), 0),
    estimatedColumn(title, (model) => model.objective, format, 0, isShare(metric)),
    ...needs.map((need, i) =>
      plainColumn<PickedModel>(need, (model) => needCell(model, need), 1 + i / 100),
    ),
    estimatedColumn('err %', ({ error_rate }) => error_rate, formatPercent, 3, true),
    plainColumn('cases', ({ cases }) => String(cases), 5),
  ];
  return columns.filter((column) => column !== false);
}

/** A need that is not meant for a model is no matter of it. */
function needCell({ needs }: PickedModel, need: string): string {
  const judged = needs.find((one) => one.need === need);
  return judged === undefined ? '–' : needText(judged);
}
