import { read, utils } from '@e965/xlsx';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cell, csvOf, requestsCsv } from '../../src/report/csv.ts';
import { aRecord } from '../metrics/fixtures.ts';
import { HOSTILE } from './hostile.ts';

/** The cells that a spreadsheet makes of a file, each with its formula. */
function opened(csv: string): { text: unknown; formula: string | undefined }[][] {
  // As bytes are read back: UTF-8 has no lone surrogates.
  const book = read(Buffer.from(csv).toString('utf8'), { type: 'string', FS: ',' });
  const sheet = book.Sheets[book.SheetNames[0] as string] as Record<
    string,
    { w?: string; v?: unknown; f?: string }
  >;
  const range = utils.decode_range((sheet['!ref'] as unknown as string | undefined) ?? 'A1');
  return Array.from({ length: range.e.r + 1 }, (_, r) =>
    Array.from({ length: range.e.c + 1 }, (_, c) => {
      const cell = sheet[utils.encode_cell({ r, c })];
      return { text: cell?.v ?? '', formula: cell?.f };
    }),
  );
}

/** As docs/results.md says how to take the mark off again. */
function unmarked(text: string): string {
  return /^'+(?:[\t\r\n]|[\s\p{C}]*[=+\-@＝＋－＠])/u.test(text) ? text.slice(1) : text;
}

/** What is due in a cell: pictures of controls, and no lone surrogate, which UTF-8 does not have. */
function pictured(text: string): string {
  const seen = text.replace(/[^\P{Cc}\t\n\r\u0080-\u009f]/gu, (one) =>
    String.fromCodePoint(0x2400 + (one === '\x7f' ? 0x21 : one.charCodeAt(0))),
  );
  return Buffer.from(seen).toString('utf8');
}

const oneLineEnd = (text: unknown): string => String(text).replace(/\r\n?/g, '\n');

test('a spreadsheet takes an unmarked cell for a formula, so that it would be seen here', () => {
  expect(opened('a\n=1+1,2\n')[1]?.[0]?.formula).toBe('1+1');
});

describe('a spreadsheet opens', () => {
  test.each(Object.entries(HOSTILE))('%s as text, in its own cell', (_, text) => {
    const rows = opened(
      csvOf(['head', 'text', 'end']) + csvOf(['x', text, 'end']) + csvOf([1, 2, 3]),
    );
    expect(rows).toHaveLength(3);
    expect(rows.flat().map(({ formula }) => formula)).toEqual(Array(9).fill(undefined));
    const [first, cell, last] = rows[1] ?? [];
    expect([first?.text, last?.text]).toEqual(['x', 'end']);
    expect(oneLineEnd(unmarked(String(cell?.text)))).toBe(oneLineEnd(pictured(text)));
  });

  test('numbers as numbers, negative ones too', () => {
    const cells: Cell[] = [-1.5, 0, 1e-7, -3, 12];
    expect(opened(csvOf(cells))[0]?.map(({ text }) => text)).toEqual(cells);
  });

  test('requests.csv with an answer of every kind, one row each', async () => {
    const texts = Object.values(HOSTILE);
    const records = texts.map((answer_text, n) =>
      aRecord({ request_id: `r${n}`, answer_text, error_message: answer_text, model: answer_text }),
    );
    let csv = '';
    for await (const piece of requestsCsv(records)) csv += piece;
    const [head = [], ...rows] = opened(csv);
    const column = head.findIndex(({ text }) => text === 'answer_text');
    expect(rows).toHaveLength(texts.length);
    expect(rows.flat().some(({ formula }) => formula !== undefined)).toBe(false);
    for (const [n, row] of rows.entries()) {
      expect(row).toHaveLength(head.length);
      expect(oneLineEnd(unmarked(String(row[column]?.text)))).toBe(
        oneLineEnd(pictured(texts[n] as string)),
      );
    }
  });
});

describe('the mark', () => {
  const cellOf = (text: string): string => {
    const line = csvOf([text]).slice(0, -1);
    return line.startsWith('"') ? line.slice(1, -1).replaceAll('""', '"') : line;
  };
  const inner = fc.stringMatching(/^[' \t\r\n\0=+\-@＝a,";]{0,12}$/);

  test('is taken off again without a loss, also of text that looks marked', () => {
    fc.assert(
      fc.property(fc.oneof(inner, fc.string({ unit: 'binary', maxLength: 30 })), (text) => {
        const cell = cellOf(text);
        expect(unmarked(cell)).toBe(text.replace(/[^\P{Cc}\t\n\r\u0080-\u009f]/gu, pictured));
        expect(cell).not.toMatch(/^[\s\p{C}]*[=+\-@＝＋－＠]/u);
        expect(cell).not.toContain('\0');
      }),
      { numRuns: 2000 },
    );
  });
});
