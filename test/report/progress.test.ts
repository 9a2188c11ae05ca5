import { describe, expect, test } from 'vitest';
import { type ProgressRow, progressLine, progressTable } from '../../src/report/progress.ts';
import { displayWidth } from '../../src/report/text.ts';

function aRow(changes: Partial<ProgressRow> = {}): ProgressRow {
  return {
    label: 'r1',
    planned: 96,
    done: 24,
    failed: 1,
    skipped: 0,
    inFlight: 8,
    ttftMs: 1250,
    tokensPerSecond: 21.7,
    ...changes,
  };
}

const view = (models: ProgressRow[], remainingMs: number | null = 90_000) => ({
  models,
  elapsedMs: 30_400,
  remainingMs,
});
const terminal = { columns: 80, rows: 24, colour: false };

describe('a plain line', () => {
  test.each([
    [view([aRow(), aRow()]), '30 s: 48/192 done, 2 failed, 16 in flight, about 90 s left'],
    [view([aRow()], null), '30 s: 24/96 done, 1 failed, 8 in flight'],
    [
      view([aRow({ skipped: 72, inFlight: 0 })], 0),
      '30 s: 24/96 done, 1 failed, 72 skipped, 0 in flight, about 0 s left',
    ],
    // Going round until the time is up, no end is planned.
    [
      view([aRow({ planned: 6 })], 125_000),
      '30 s: 24 done, 1 failed, 8 in flight, about 2 min 5 s left',
    ],
  ])('%#', (progress, line) => {
    expect(progressLine(progress)).toBe(line);
  });
});

describe('the live table', () => {
  test('has a line a model, and the line of all', () => {
    expect(
      progressTable(view([aRow(), aRow({ label: 'llama-70b', ttftMs: null, done: 96 })]), terminal),
    ).toEqual([
      'model                               done  failed  flying     TTFT   tok/s',
      'r1        ━━━━━───────────────     24/96       1       8 1,250 ms    21.7',
      'llama-70b ━━━━━━━━━━━━━━━━━━━━     96/96       1       8        –    21.7',
      '30 s: 120/192 done, 2 failed, 16 in flight, about 90 s left',
    ]);
  });

  test.each([
    ['too narrow', { ...terminal, columns: 50 }],
    ['too low', { ...terminal, rows: 3 }],
  ])('%s, leaves the line alone', (_what, small) => {
    const lines = progressTable(view([aRow(), aRow()]), small);
    expect(lines).toHaveLength(1);
    expect(displayWidth(lines[0] ?? '')).toBeLessThan(small.columns);
  });

  test('hostile and long names break no line', () => {
    const label = `\x1b[2J${'模型'.repeat(40)}`;
    for (const line of progressTable(view([aRow({ label })]), { ...terminal, columns: 120 })) {
      expect(displayWidth(line)).toBeLessThan(120);
      expect(line).not.toContain('\x1b');
    }
  });
});
