import pc from 'picocolors';
import { nameOf } from '../report/notes.ts';
import { formatEstimate, formatFigure } from '../report/numbers.ts';
import { neutralise, wrap } from '../report/text.ts';
import type { TextOptions } from '../report/view.ts';
import { overallVerdict, type ThresholdJudgement } from './judge-thresholds.ts';
import type { FindingVerdict } from './types.ts';

const MARKS: Record<FindingVerdict, string> = { pass: '✓', fail: '✗', inconclusive: '?' };

/**
 * Thresholds for beneath the table: one line each with how many rows keep it, then one line per row
 * that does not, with what was observed.
 */
export function renderJudgements(
  judgements: ThresholdJudgement[],
  options: TextOptions = { columns: 80, colour: false },
): string {
  if (judgements.length === 0) return '';
  const { bold, green, red, yellow } = pc.createColors(options.colour);
  const paint = { pass: green, fail: red, inconclusive: yellow };
  const rows = judgements.flatMap(({ row }) => (row === null ? [] : [row]));
  const mark = (verdict: FindingVerdict, line: string, indent: string) =>
    wrap(line, options.columns, `${indent}${paint[verdict](MARKS[verdict])} `, `${indent}    `);

  const thresholds = [...new Set(judgements.map(({ threshold }) => threshold))];
  const lines = thresholds.flatMap((threshold) => {
    const own = judgements.filter((judgement) => judgement.threshold === threshold);
    const missed = own.filter(({ verdict }) => verdict !== 'pass');
    const kept = own.length - missed.length;
    const verdict = overallVerdict(own);
    return [
      mark(verdict, `${neutralise(threshold.text)}: kept by ${kept} of ${own.length}`, '  '),
      ...missed.map((judgement) => mark(judgement.verdict, said(judgement, rows), '    ')),
    ];
  });
  return [bold('Thresholds'), ...lines].join('\n');
}

function said({ row, observed, verdict }: ThresholdJudgement, rows: ThresholdJudgement['row'][]) {
  if (row === null) return 'inconclusive: it names no row of this run';
  const all = rows.filter((each) => each !== null);
  return `${verdict}: ${nameOf(row, all)}: ${formatEstimate(observed, formatFigure)}, n ${observed.n}`;
}
