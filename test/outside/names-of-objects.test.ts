import { describe, expect, test } from 'vitest';
import { gradedSuites } from '../../src/check/graded.ts';
import { summarise } from '../../src/metrics/summary.ts';
import { summaryCsv } from '../../src/report/csv.ts';
import { runMarkdown } from '../../src/report/markdown.ts';
import { plainLatex } from '../../src/score/answer/latex.ts';
import { wordNumbersIn } from '../../src/score/answer/number-words.ts';
import { aFailure, aPlannedRow, aRecord } from '../metrics/fixtures.ts';
import { aView } from '../report/fixtures.ts';

/** What every object has without being asked, and two names that some objects obey. */
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
];

describe.each(NAMES)('%s', (name) => {
  test('as target, model, suite, flag and outcome is counted like any other', () => {
    const named = { target: name, model: name, suite: name };
    const records = [
      aRecord({ ...named, request_id: 'a', flags: [name] }),
      aRecord({ ...named, request_id: 'b', flags: [name, 'coalesced'] }),
      aFailure({ ...named, request_id: 'c', outcome: name as 'ok', error_message: name }),
    ];
    const planned = [aPlannedRow({ ...named, label: name, planned: 3 })];
    const [row] = summarise(records, planned, {});
    expect(row?.requests).toMatchObject({ planned: 3, ok: 2, failed: 1, lost: 0 });
    expect(Object.entries(row?.flags ?? {})).toEqual([
      [name, 2],
      ['coalesced', 1],
    ]);
    expect(Object.entries(row?.failures ?? {})).toContainEqual([name, 1]);
    expect(summaryCsv([row as never])).toContain(`${name}:2`);
    expect(runMarkdown(aView(records, planned))).not.toMatch(/native code|undefined|NaN/);
    expect(Object.hasOwn(Object.prototype, 'coalesced')).toBe(false);
  });

  test('as the name of a suite without grades says that it has none', () => {
    const graded = gradedSuites([], true);
    expect(Object.hasOwn(graded, name)).toBe(false);
  });

  test('in an answer is a word and no number or sign', () => {
    const command = `\\${name.replaceAll('_', '')}`;
    expect(plainLatex(`${command}{2}`)).not.toMatch(/native code|function/);
    for (const text of [`one ${name}`, `twenty ${name} five`, `hai ${name}`]) {
      expect(wordNumbersIn(text).length).toBeLessThanOrEqual(2);
      expect(
        JSON.stringify(wordNumbersIn(text), (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
      ).not.toMatch(/null|NaN|function/);
    }
  });
});
