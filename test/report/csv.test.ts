import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ESTIMATES, type RequestRecord } from '../../src/metrics/types.ts';
import { csvOf, requestsCsv, summaryCsv } from '../../src/report/csv.ts';
import { REQUEST_COLUMNS } from '../../src/report/request-columns.ts';
import { aFailure, aRecord, aTimeout, rowOf } from '../metrics/fixtures.ts';
import { marketRun } from './fixtures.ts';

const read = (csv: string) => parse(csv, { columns: true }) as Record<string, string>[];

async function collect(pieces: AsyncIterable<string>): Promise<string[]> {
  const collected: string[] = [];
  for await (const piece of pieces) collected.push(piece);
  return collected;
}

async function requestRows(records: RequestRecord[]): Promise<Record<string, string>[]> {
  return read((await collect(requestsCsv(records))).join(''));
}

describe('cells', () => {
  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '=1'])(
    'text that begins as a formula: %j',
    (text) => {
      const [cell] = (parse(csvOf([text])) as string[][])[0] ?? [];
      expect(cell).toBe(`'${text}`);
    },
  );

  test('numbers are left as they are, booleans are words, null is empty', () => {
    expect(csvOf([-1.5, 0, 1e-7, true, false, null, 'a,"b"'])).toBe(
      '-1.5,0,1e-7,true,false,,"a,""b"""\n',
    );
  });

  test('any text comes back, but for the quote in front of a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const [cell] = (parse(csvOf([text, 'end'])) as string[][])[0] ?? [];
        expect([text, `'${text}`]).toContain(cell);
      }),
    );
  });
});

describe('summary.csv', () => {
  test('golden', async () => {
    const { rows, manifest } = marketRun();
    await expect(summaryCsv(rows, manifest)).toMatchFileSnapshot('golden/summary.csv');
  });

  test('begins with the columns of the contract', () => {
    expect(summaryCsv([])).toMatch(
      /^target,model,suite,simulated,requests_planned,requests_ok,requests_failed,error_rate,ttft_ms_p50,ttft_ms_p95,tpot_ms_p50,decode_tokens_per_second_p50,e2e_ms_p50,output_tokens,token_source,/,
    );
  });

  test('has every estimate once, with its interval and n', () => {
    const head = summaryCsv([]).trimEnd().split(',');
    expect(new Set(head).size).toBe(head.length);
    for (const name of ESTIMATES) {
      expect(head).toEqual(
        expect.arrayContaining([name, `${name}_low`, `${name}_high`, `${name}_n`]),
      );
    }
  });

  test('n/a is an empty cell, never 0, and bounds are named', () => {
    const few = rowOf([aRecord(), aFailure(), aFailure({ outcome: 'stalled' })]);
    expect(read(summaryCsv([few]))[0]).toMatchObject({
      ttft_ms_p50: '',
      ttft_ms_p50_n: '1',
      cost_usd: '',
      failures: 'server_5xx:1 stalled:1',
      at_least: '',
    });
    const slow = rowOf(Array.from({ length: 9 }, () => aTimeout(60_000)));
    expect(read(summaryCsv([slow]))[0]).toMatchObject({
      ttft_ms_p50: '60000',
      at_least: 'ttft_ms_p50 ttft_from_schedule_ms_p50 ttfat_ms_p50 e2e_ms_p50',
    });
  });
});

describe('requests.csv', () => {
  test('has every field of a record', () => {
    expect([...REQUEST_COLUMNS].sort()).toEqual(Object.keys(aRecord()).sort());
  });

  test('holds what the record holds', async () => {
    const record = aRecord({
      schedule_delay_ms: -0.5,
      flags: ['coalesced', 'compressed'],
      answer_text: '=HYPERLINK("http://evil")\nsecond line',
    });
    const [row] = await requestRows([record]);
    expect(row).toMatchObject({
      request_id: 'r1',
      simulated: 'false',
      schedule_delay_ms: '-0.5',
      thinking_ms: '',
      flags: 'coalesced compressed',
      answer_text: '\'=HYPERLINK("http://evil")\nsecond line',
    });
  });

  test('comes in pieces, with one header, from an iterable of either kind', async () => {
    const records = Array.from({ length: 1100 }, (_, i) => aRecord({ request_id: `r${i}` }));
    const pieces = await collect(requestsCsv(records));
    expect(pieces.length).toBeGreaterThan(3);
    const rows = read(pieces.join(''));
    expect(rows.map((row) => row.request_id)).toEqual(records.map((each) => each.request_id));

    async function* later() {
      yield* records;
    }
    expect((await collect(requestsCsv(later()))).join('')).toBe(pieces.join(''));
  });

  test('of no record is a header', async () => {
    expect(await collect(requestsCsv([]))).toEqual([csvOf([...REQUEST_COLUMNS])]);
  });
});
