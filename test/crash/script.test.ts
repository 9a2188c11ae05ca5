import { describe, expect, test } from 'vitest';
import { drawKill } from '../../scripts/crash/draw.mjs';
import { afterPowerLoss, damageOf, linesOf } from '../../scripts/crash/journals.mjs';
import { readNotes, syncsOf } from '../../scripts/crash/syncs.mjs';

describe('kills are drawn', () => {
  test('the same again from seed and number, and other ones from others', () => {
    expect(drawKill('a', 7)).toEqual(drawKill('a', 7));
    const all = Array.from({ length: 300 }, (_, number) => drawKill('a', number));
    expect(new Set(all.map(({ moment }) => moment))).toEqual(
      new Set(['first', 'sending', 'grading', 'last']),
    );
    expect(all.every(({ moment, scenario }) => moment !== 'grading' || scenario.isGraded)).toBe(
      true,
    );
    expect(all.filter(({ isResumed }) => isResumed).length).toBeGreaterThan(40);
  });
});

describe('journals before and after', () => {
  const whole = '{"a":1}\n{"a":2}\n';
  test.each([
    ['as it was', whole, whole, []],
    ['with more, and a torn last line', whole, `${whole}{"a":3}\n{"a`, []],
    ['torn in the middle', whole, `${whole}{"a\n{"a":4}\n`, ['line 3 of 4 is broken']],
    ['with a line gone', whole, '{"a":1}\n', ['line 2 of 2 that had been read is not there']],
    [
      'with a line changed',
      whole,
      '{"a":1}\n{"a":5}\n',
      ['line 2 of 2 that had been read is not there'],
    ],
    ['read in the middle of a line', `${whole}{"a`, whole, []],
  ])('%s', (_what, before, after, problems) => {
    expect(damageOf(Buffer.from(before), Buffer.from(after))).toEqual(problems);
  });

  test('lines and what is behind them', () => {
    expect(linesOf(Buffer.from('x\ny\nz'))).toEqual({ lines: ['x', 'y'], rest: 'z' });
    expect(linesOf(Buffer.from(''))).toEqual({ lines: [], rest: '' });
  });

  test('what the power takes is never what was synced', () => {
    const bytes = Buffer.from('0123456789');
    expect(String(afterPowerLoss(bytes, 4, 0))).toBe('0123');
    expect(String(afterPowerLoss(bytes, 4, 0.5))).toBe('0123456');
    expect(String(afterPowerLoss(bytes, 10, 0.5))).toBe('0123456789');
  });
});

describe('syncs', () => {
  const note = (what: 'open' | 'write' | 'sync', atMs: number, bytes: number, lines = 1) => ({
    file: 'requests.ndjson',
    what,
    atMs,
    begunMs: atMs - 5,
    bytes,
    lines,
  });

  test('a record is as old as the end of the sync that holds it, or the kill', () => {
    const notes = [
      note('open', 0, 100),
      note('write', 10, 50),
      note('write', 20, 50),
      // It began when the first alone was there.
      note('sync', 110, 150),
      note('write', 120, 50),
    ];
    const { agesMs, waitsMs, records, syncedBytes, problems } = syncsOf(notes, 300);
    expect(agesMs).toEqual([100, 280, 180]);
    expect(waitsMs).toEqual([95]);
    expect(records).toBe(3);
    expect(syncedBytes.get('requests.ndjson')).toBe(150);
    expect(problems).toEqual([]);
  });

  test('a record in two writes is told of', () => {
    const notes = [note('open', 0, 0), note('write', 1, 9, 0), note('write', 2, 9)];
    expect(syncsOf(notes, 3).problems).toEqual(['requests.ndjson: a write of 0 lines']);
  });

  test('a note that the kill cut off is left out', () => {
    expect(readNotes('{"what":"open"}\n{"wh')).toEqual([{ what: 'open' }]);
  });
});
