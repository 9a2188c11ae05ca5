import pc from 'picocolors';
import type { SummaryRow } from '../metrics/types.ts';
import { nameOf } from '../report/notes.ts';
import { formatEstimate, formatFigure } from '../report/numbers.ts';
import { neutralise, wrap } from '../report/text.ts';
import type { TextOptions } from '../report/view.ts';
import { isRepresentative } from './graded-share.ts';
import { overallVerdict, type ThresholdJudgement } from './judge-thresholds.ts';
import type { Threshold } from './thresholds.ts';
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

function said(
  { threshold, row, observed, verdict }: ThresholdJudgement,
  rows: ThresholdJudgement['row'][],
) {
  if (row === null) return 'inconclusive: it names no row of this run';
  const all = rows.filter((each) => each !== null);
  return `${verdict}: ${nameOf(row, all)}: ${formatEstimate(observed, formatFigure)}, n ${observed.n}${ungradedWords(row, threshold)}`;
}

/** Why a score says little, or is not there: `, 3 of 20 answers graded: no number in it`. */
function ungradedWords(row: SummaryRow, { observed }: Threshold): string {
  if (isRepresentative(row, observed)) return '';
  const { grades } = row;
  if (grades === undefined) return ', no answer has a grade';
  const graded = grades.right + grades.wrong;
  const [reason] = Object.keys(grades.ungraded_reasons);
  const because = reason === undefined ? '' : `: ${neutralise(reason)}`;
  return `, ${graded} of ${graded + grades.ungraded} answers graded${because}`;
}
