import { expect, test } from 'vitest';
import { howToGoOn, nextSteps } from '../../src/commands/run-report.ts';
import { estimate } from '../../src/metrics/estimate.ts';
import { aRecord, rowOf } from '../metrics/fixtures.ts';

function aRow(model: string, suite: string, score: number | null) {
  const row = rowOf([aRecord({ model, suite })], { model, suite });
  return { ...row, estimates: { ...row.estimates, score: estimate(score, 1) } };
}

test.each([
  ['without a grade: nothing', [aRow('a', 'chat', null), aRow('b', 'chat', null)], null],
  [
    'of one model: its answers',
    [aRow('a', 'chat', 0.5), aRow('a', 'code', 0.5), aRow('b', 'chat', null)],
    'Next: tokentape show latest --failed',
  ],
  [
    'of several models: which one to take, too',
    [aRow('a', 'chat', 0.5), aRow('b', 'chat', 0)],
    'Next: tokentape show latest --failed, frontier latest, pick latest --maximise score',
  ],
])('after a run %s', (_, rows, line) => {
  expect(nextSteps(rows, undefined)).toBe(line);
});

test('in a folder of its own, that folder is named', () => {
  expect(nextSteps([aRow('a', 'chat', 1)], 'elsewhere')).toBe(
    'Next: tokentape show latest --failed, with -o elsewhere',
  );
});

test('a run that was cut off is gone on with under the config and in the folder that were named', () => {
  const run = { run_id: '20260102T030405Z-smoke' };
  const command = 'To go on with it: tokentape run --resume 20260102T030405Z-smoke';
  expect(howToGoOn(run, undefined)).toBe(command);
  expect(howToGoOn(run, '../x', 'other.yaml')).toBe(`${command} -c other.yaml -o ../x`);
});
