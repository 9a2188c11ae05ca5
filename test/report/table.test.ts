import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { runMarkdown } from '../../src/report/markdown.ts';
import { renderTable } from '../../src/report/table.ts';
import { displayWidth } from '../../src/report/text.ts';
import { NOT_ADDRESSED } from '../../src/suite/audience.ts';
import { aFailure, aPlannedRow, aRecord, recordsOf } from '../metrics/fixtures.ts';
import { aView, marketRun, RESUMED } from './fixtures.ts';

const plain = (columns: number) => ({ columns, colour: false });
const typical = { ttftMs: 100, tpotMs: 10, tokens: 50 };

describe('golden', () => {
  test('at 160 columns', async () => {
    await expect(renderTable(marketRun(), plain(160))).toMatchFileSnapshot('golden/table-160.txt');
  });

  test('at 80 columns, simulated', async () => {
    const text = renderTable(marketRun({ simulated: true }), plain(80));
    await expect(text).toMatchFileSnapshot('golden/table-80.txt');
  });

  test('several suites and targets, interrupted, with doubts', async () => {
    const records = ['eu', 'us'].flatMap((target) =>
      ['chat', 'reasoning'].flatMap((suite) => recordsOf('Qwen', 50, typical, { target, suite })),
    );
    const planned = ['chat', 'reasoning'].flatMap((suite) =>
      ['eu', 'us'].map((target) => aPlannedRow({ model: 'Qwen', target, suite, planned: 60 })),
    );
    const view = aView(records, planned, {
      state: 'partial',
      interrupted: 'SIGINT',
      validity: { verdict: 'warned', reasons: ['the client was late 3 % of the time'] },
    });
    await expect(renderTable(view, plain(100))).toMatchFileSnapshot('golden/table-suites.txt');
  });
});

describe('whatever the terminal', () => {
  test.each([40, 50, 60, 72, 80, 100, 120, 160, 300])('no line is wider than %i', (columns) => {
    for (const line of renderTable(marketRun(), plain(columns)).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  test('names in wide characters keep the columns in line', () => {
    const models = ['日本語モデル', 'plain'];
    const view = aView(
      models.flatMap((model) => recordsOf(model, 10, typical)),
      models.map((model) => aPlannedRow({ model, planned: 10 })),
    );
    const lines = renderTable(view, plain(80)).split('\n');
    const widths = lines
      .filter((line) => line.includes('10/10'))
      .map((line) => displayWidth(line.slice(0, line.indexOf('10/10'))));
    expect(widths).toHaveLength(2);
    expect(new Set(widths).size).toBe(1);
  });

  test('long names are cut in the middle before a figure is dropped', () => {
    const model = `vendor/${'very-'.repeat(12)}long-70B`;
    const view = aView(recordsOf(model, 96, typical), [aPlannedRow({ model, planned: 96 })]);
    const text = renderTable(view, plain(80));
    expect(text).toMatch(/^vendor\/very-\S*…\S*long-70B +96\/96/m);
    expect(text).toMatch(/E2E/);
  });
});

test('colour only where asked for', () => {
  const escapeCode = String.fromCharCode(27);
  expect(renderTable(marketRun({ simulated: true }), plain(80))).not.toContain(escapeCode);
  const coloured = renderTable(marketRun({ simulated: true }), { columns: 80, colour: true });
  expect(coloured).toContain(escapeCode);
  // Colour changes nothing else.
  expect(stripVTControlCharacters(coloured).replaceAll(/ +$/gm, '')).toBe(
    renderTable(marketRun({ simulated: true }), plain(80)),
  );
});

describe('intervals', () => {
  const lineOf = (columns: number, name: string) =>
    renderTable(marketRun(), plain(columns))
      .split('\n')
      .findIndex((line) => line.startsWith(name));

  test.each([120, 160])('stand beside their figures at %i columns', (columns) => {
    const lines = renderTable(marketRun(), plain(columns)).split('\n');
    expect(lines[lineOf(columns, 'Llama3-Swallow')]).toMatch(/96\/96 +0 \[0–4\] +414 ±7%/);
    expect(lines[lineOf(columns, 'DeepSeek-R1 ')]).toContain('≥120,000 [≥1,668]');
  });

  test.each([60, 80, 100])('stand below them at %i', (columns) => {
    const lines = renderTable(marketRun(), plain(columns)).split('\n');
    const at = lineOf(columns, 'Llama3-Swallow');
    expect(lines[at]).toMatch(/96\/96 +0 +414/);
    expect(lines[at + 1]).toMatch(/^ +0–4 +±7%/);
  });

  test('are explained where there are figures', () => {
    expect(renderTable(marketRun(), plain(160))).toContain('±: 95 % interval');
    const plan = aPlannedRow({ planned: 3, not_subscribed: true, skipped_reason: 'HTTP 403' });
    expect(renderTable(aView([], [plan]), plain(80))).not.toContain('95 %');
  });
});

describe('the simulated notice', () => {
  test('stands above and below', () => {
    const lines = renderTable(marketRun({ simulated: true }), plain(80)).split('\n');
    expect(lines[0]).toMatch(/^SIMULATED: /);
    expect(lines.at(-1)).toBe(lines[0]);
  });

  test('names the targets where others are real', () => {
    const view = aView(
      [aRecord({ target: 'toy', simulated: true }), aRecord({ target: 'real' })],
      [aPlannedRow({ target: 'toy', planned: 1 }), aPlannedRow({ target: 'real', planned: 1 })],
      { simulated: true },
    );
    expect(renderTable(view, plain(120))).toMatch(/^SIMULATED: the figures of toy are/);
  });

  test('is absent from a real run', () => {
    expect(renderTable(marketRun(), plain(80)).toLowerCase()).not.toContain('simulat');
  });
});

describe('tails', () => {
  const tableOf = (counts: number[]) => {
    const models = counts.map((_, index) => `m${index}`);
    const records = models.flatMap((model, i) => recordsOf(model, counts[i] ?? 0, typical));
    const planned = models.map((model, i) => aPlannedRow({ model, planned: counts[i] ?? 0 }));
    return renderTable(aView(records, planned), plain(160));
  };

  test('p90 where no row has samples for p95', () => {
    expect(tableOf([50])).toContain('p90');
    expect(tableOf([50])).not.toMatch(/^.*p95.*$\n─/m);
  });

  test('p95 where one has, n/a for the others', () => {
    expect(tableOf([50, 90])).toMatch(/^m0 .* n\/a/m);
    expect(tableOf([50, 90])).not.toMatch(/^m1 .* n\/a/m);
  });

  test('none where there are too few, and why', () => {
    const text = tableOf([6]);
    expect(text).toMatch(/^m0 +6\/6 +0 \[0–40\] +n\/a/m);
    expect(text).toContain('given from 7 samples on for p50');
  });
});

describe('beneath the table', () => {
  test('where nothing was measured it says so', () => {
    const plan = aPlannedRow({ planned: 3, not_subscribed: true, skipped_reason: 'HTTP 403' });
    const text = renderTable(aView([], [plan]), plain(80));
    expect(text).toContain('No request was measured.');
    expect(text).toContain('DeepSeek-R1: HTTP 403');
  });

  test('that the run was resumed is told', () => {
    const view = aView(
      recordsOf('m', 9, typical),
      [aPlannedRow({ model: 'm', planned: 9 })],
      RESUMED,
    );
    const said = 'Resumed on 2026-01-02 at 04:05 UTC; 40 requests were recorded before.';
    expect(renderTable(view, plain(120))).toContain(said);
    expect(runMarkdown(view)).toContain(said);
  });

  test('long lists of failures are cut, and say by how much', () => {
    const models = Array.from({ length: 30 }, (_, index) => `m${index}`);
    const view = aView(
      models.map((model, index) => aFailure({ model, error_message: 'x'.repeat(index + 1) })),
      models.map((model) => aPlannedRow({ model, planned: 1 })),
    );
    expect(renderTable(view, plain(80))).toContain('  … and 6 more');
  });

  describe('what befell several rows alike is one line', () => {
    const models = ['m-a', 'm-b', 'm-c', 'm-d'];
    const skip = (reason: (model: string) => string, of: { planned: number; sent: number }) =>
      aView(
        models.flatMap((model) => recordsOf(model, of.sent, typical)),
        models.map((model) =>
          aPlannedRow({ model, planned: of.planned, skipped_reason: reason(model) }),
        ),
      );
    const fail = (message: (model: string) => string, failing = models) =>
      aView(
        models.map((model) =>
          failing.includes(model)
            ? aFailure({ model, error_message: message(model) })
            : aRecord({ model }),
        ),
        models.map((model) => aPlannedRow({ model, planned: 1 })),
      );
    test.each<[string, ReturnType<typeof aView>, string]>([
      [
        'a part of every row skipped',
        skip(() => 'the run was interrupted', { planned: 10, sent: 7 }),
        'all 4 models: the run was interrupted (12 of 40 requests)',
      ],
      [
        'whole rows skipped, which are named, for a reason that names each',
        skip((model) => `not subscribed (403: no '${model}')`, { planned: 10, sent: 0 }),
        "m-a, m-b, m-c, m-d: not subscribed (403: no '…')",
      ],
      ['one failure of all', fail(() => 'overloaded'), 'all 4 models: 4× server_5xx: overloaded'],
      [
        'one failure of few, who are named',
        fail(() => 'overloaded', ['m-a', 'm-c']),
        'm-a, m-c: 2× server_5xx: overloaded',
      ],
      [
        'messages that differ in a number',
        fail((model) => `after ${model.charCodeAt(2)} ms`),
        'all 4 models: 4× server_5xx: e.g. after 97 ms',
      ],
    ])('%s', (_, view, line) => {
      expect(renderTable(view, plain(160)).split('\n')).toContain(`  ${line}`);
    });

    test('suites that are not meant for a model are told suite by suite', () => {
      const general = ['m-a', 'm-b', 'm-c', 'm-d'];
      const row = (model: string, suite: string, meant: boolean) =>
        aPlannedRow({
          model,
          suite,
          planned: model === 'm-a' && suite === 'code' ? 1 : 0,
          skipped_reason: meant ? null : NOT_ADDRESSED,
        });
      const plans = [...general, 'guard'].flatMap((model) => [
        row(model, 'code', model !== 'guard'),
        row(model, 'chat', model !== 'guard'),
        row(model, 'safety', model === 'guard'),
      ]);
      const text = renderTable(
        aView([aRecord({ model: 'm-a', suite: 'code' })], plans),
        plain(160),
      );
      expect(text).toMatch(
        /^Skipped\n {2}code, chat are not meant for guard\n {2}safety is not meant for 4 of 5 models$/m,
      );
    });

    test('but not what was told differently', () => {
      const text = renderTable(
        fail((model) => (model === 'm-a' ? 'overloaded' : 'asleep')),
        plain(160),
      );
      expect(text).toMatch(/^ {2}m-a: 1× server_5xx: overloaded$/m);
      expect(text).toMatch(/^ {2}m-b, m-c, m-d: 3× server_5xx: asleep$/m);
    });
  });

  test('a class that its message begins with is said once', () => {
    const failed = aFailure({ outcome: 'cancelled', error_message: 'cancelled: after 1.2 s' });
    const text = renderTable(aView([failed], [aPlannedRow({ planned: 1 })]), plain(80));
    expect(text).toContain(': 1× cancelled: after 1.2 s');
  });

  describe('the client that measured', () => {
    const lateOf = (late: number) =>
      aView(
        recordsOf('m', 100, typical).map((record, index) =>
          index < late ? { ...record, client_late_ms: 4, flags: ['client_late'] } : record,
        ),
        [aPlannedRow({ model: 'm', planned: 100 })],
      );

    test('marks the figures of a row of which more than a few requests are late', () => {
      const marked = renderTable(lateOf(6), plain(160));
      const [row = ''] = marked.split('\n').filter((line) => line.startsWith('m '));
      // TTFT, TPOT, tok/s and E2E; neither counts nor throughput.
      expect(row.match(/\d!/g)).toHaveLength(6);
      expect(row).toMatch(/^m +100\/100 +0 /);
      expect(marked).toContain('!: the client may have stamped a latency late in over 5 % of');
      expect(marked).toContain('that the client itself may have stamped late: 6 replies (m 6)');
    });

    test('but not for a few, which are counted', () => {
      const text = renderTable(lateOf(5), plain(160));
      expect(text).not.toContain('!');
      expect(text).toContain('stamped late: 5 replies');
    });

    test('tells its own error, and when it was measured', () => {
      const calibration = {
        streams: 64,
        chunk_rate: 50,
        chunks: 4000,
        error_ms_p50: 0.1,
        error_ms_p99: 0.4,
        error_ms_p999: 0.9,
        error_ms_max: 3,
        cpu_share: 0.2,
        measured_at: '2026-01-02T03:04:05.000Z',
        cached: false,
      };
      const with_ = (changes: Partial<typeof calibration>) =>
        renderTable(
          marketRun({
            validity: {
              verdict: 'valid',
              reasons: [],
              calibration: { ...calibration, ...changes },
            },
          }),
          plain(160),
        );
      expect(with_({})).toContain('Client error: p99 0.400 ms at 64 streams of 50 chunks/s.');
      expect(with_({ cached: true, streams: 1 })).toContain(
        'at 1 stream of 50 chunks/s, measured on this host on 2026-01-02.',
      );
    });
  });

  test('token counts that are not of usage alone are marked', () => {
    const unknown = aRecord({ output_tokens: null, token_source: 'unknown' });
    const view = aView([aRecord(), unknown], [aPlannedRow({ planned: 2 })]);
    const text = renderTable(view, plain(160));
    expect(text).toContain('≥10*');
    expect(text).toContain('several sources (*)');
  });
});
