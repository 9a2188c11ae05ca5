import { describe, expect, test } from 'vitest';
import { resultOf } from '../../src/check/result.ts';
import type { Finding } from '../../src/gate/types.ts';
import type { Manifest } from '../../src/store/types.ts';
import { recordsOf, rowOf } from '../metrics/fixtures.ts';
import { marketRun, RESUMED } from '../report/fixtures.ts';

const MANIFEST: Manifest = marketRun().manifest;
const TEN = recordsOf('one', 10, { ttftMs: 300, tpotMs: 20, tokens: 50 });
const ROW = rowOf(TEN, { planned: 12, skipped_reason: 'the verdict was reached' });

function verdictOf(
  verdicts: [Finding['verdict'], advisory?: boolean][],
  parts: Partial<Parameters<typeof resultOf>[0]> = {},
) {
  const findings = verdicts.map(
    ([verdict, advisory = false]) => ({ verdict, advisory }) as unknown as Finding,
  );
  return resultOf({
    manifest: MANIFEST,
    rows: [ROW],
    findings,
    alpha: 0.01,
    invalidReasons: [],
    remarks: [],
    ...parts,
  });
}

describe('the verdict of a whole check', () => {
  test.each<[string, [Finding['verdict'], boolean?][], string]>([
    ['fails with one failure', [['pass'], ['inconclusive'], ['fail']], 'fail'],
    ['is open where any finding is', [['pass'], ['inconclusive']], 'inconclusive'],
    ['passes where all do', [['pass'], ['pass']], 'pass'],
    ['heeds nothing that is advisory', [['pass'], ['fail', true]], 'pass'],
    ['is open where all of it is advisory', [['inconclusive', true]], 'inconclusive'],
    ['is open where nothing was found', [], 'inconclusive'],
  ])('%s', (_, findings, verdict) => {
    expect(verdictOf(findings).verdict).toBe(verdict);
  });

  test('is invalid before all else, and says why', () => {
    const reasons = ['the client was late'];
    const manifest: Manifest = { ...MANIFEST, validity: { verdict: 'invalid', reasons } };
    expect(verdictOf([['fail']], { manifest })).toMatchObject({
      verdict: 'invalid',
      invalid_reasons: reasons,
      remarks: [],
    });
    expect(verdictOf([['pass']], { invalidReasons: ['x'] }).invalid_reasons).toEqual(['x']);
  });

  test('is no pass where the check was interrupted, and a failure all the same', () => {
    const manifest: Manifest = { ...MANIFEST, interrupted: 'SIGINT' };
    expect(verdictOf([['pass']], { manifest })).toMatchObject({
      verdict: 'inconclusive',
      remarks: ['the check was interrupted (SIGINT)'],
    });
    expect(verdictOf([['fail']], { manifest }).verdict).toBe('fail');
  });

  test('stands where the client was only warned of, which is a remark', () => {
    const manifest: Manifest = { ...MANIFEST, validity: { verdict: 'warned', reasons: ['slow'] } };
    expect(verdictOf([['pass']], { manifest })).toMatchObject({
      verdict: 'pass',
      remarks: ['slow'],
    });
  });
});

test('that the run was resumed is remarked on', () => {
  const twice = [...(RESUMED.resumed ?? []), ...(RESUMED.resumed ?? [])];
  expect(verdictOf([['pass']], { manifest: { ...MANIFEST, ...RESUMED } })).toMatchObject({
    verdict: 'pass',
    remarks: ['the run was resumed on 2026-01-02 at 04:05 UTC'],
  });
  expect(verdictOf([], { manifest: { ...MANIFEST, resumed: twice } }).remarks).toEqual([
    'the run was resumed 2 times, last on 2026-01-02 at 04:05 UTC',
  ]);
});

test('what was not sent is remarked on, unless the verdict was reached', () => {
  expect(verdictOf([['pass']])).toMatchObject({
    requests: { planned: 12, sent: 10, ok: 10 },
    remarks: [],
  });
  const cut = { ...ROW, skipped_reason: "the run's time was up; the verdict was reached" };
  expect(verdictOf([['pass']], { rows: [cut] }).remarks).toEqual([
    `${ROW.label}, ${ROW.suite}: 2 of 12 not sent: the run's time was up; the verdict was reached`,
  ]);
});
