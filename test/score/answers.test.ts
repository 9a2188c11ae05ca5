import { expect, it } from 'vitest';
import { disagreement, gradeTable, type Row, TABLES } from './answer-table.ts';

const AGREEMENT_WANTED = 0.99;

const rows = TABLES.flatMap(gradeTable);
const disagreeing = rows.filter(({ wanted, graded }) => graded.mark !== wanted);

function calledRight({ wanted, graded }: Row): boolean {
  return graded.mark === 'right' && wanted !== 'right';
}

it('has answers enough, of every mark, to tell', () => {
  expect(rows.length).toBeGreaterThanOrEqual(300);
  for (const mark of ['right', 'wrong', 'ungraded']) {
    expect(rows.filter(({ wanted }) => wanted === mark).length).toBeGreaterThanOrEqual(50);
  }
});

it('agrees with the marks given by hand', () => {
  const lines = disagreeing.map(disagreement);
  const share = 1 - disagreeing.length / rows.length;
  console.log(`${rows.length} answers, ${disagreeing.length} disagreements\n${lines.join('\n')}`);
  expect(share, lines.join('\n')).toBeGreaterThanOrEqual(AGREEMENT_WANTED);
});

it('calls no answer right that is not', () => {
  expect(disagreeing.filter(calledRight).map(disagreement)).toEqual([]);
});
