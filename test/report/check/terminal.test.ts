import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { renderCheck } from '../../../src/report/check/terminal.ts';
import { displayWidth } from '../../../src/report/text.ts';
import {
  aFinding,
  aResult,
  history,
  hostile,
  invalid,
  limits,
  manyFindings,
  pairedFail,
  pairedInconclusive,
  pairedPass,
  shortHistory,
} from './fixtures.ts';

const plain = (columns: number) => ({ columns, colour: false });
const mostlyPassed = manyFindings((model, suite, metric) =>
  model === 3 && metric === 0 ? 'fail' : model === 7 && suite === 1 ? 'inconclusive' : 'pass',
);
const allFailed = manyFindings(() => 'fail');
const results = {
  'paired-fail': pairedFail,
  'paired-pass': pairedPass,
  'paired-inconclusive': pairedInconclusive,
  limits,
  history,
  'short-history': shortHistory,
  invalid,
  many: mostlyPassed,
  'many-failed': allFailed,
};

describe('golden', () => {
  test.each(
    Object.entries(results).flatMap(([name, result]) =>
      [40, 80, 120].map((columns) => ({ name, result, columns })),
    ),
  )('$name at $columns columns', async ({ name, result, columns }) => {
    const text = `${renderCheck(result, plain(columns))}\n`;
    await expect(text).toMatchFileSnapshot(`golden/${name}-${columns}.txt`);
  });
});

describe('whatever the terminal', () => {
  const cases = Object.entries({ ...results, hostile }).flatMap(([name, result]) =>
    [40, 53, 60, 80, 100, 120, 200].map((columns) => ({ name, result, columns })),
  );

  test.each(cases)('no line of $name is wider than $columns', ({ result, columns }) => {
    for (const line of renderCheck(result, plain(columns)).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  test.each(cases)(
    '$name at $columns says mark, word and sentence first',
    ({ result, columns }) => {
      const [first, second] = renderCheck(result, plain(columns)).split('\n\n');
      const verdict = result.simulated ? second : first;
      expect(verdict).toMatch(/^(✗ FAIL|\? inconclusive|✓ pass|! INVALID): /);
    },
  );
});

test('colour only where asked for, and it changes nothing else', () => {
  for (const result of [...Object.values(results), hostile]) {
    const text = renderCheck(result, plain(80));
    const coloured = renderCheck(result, { columns: 80, colour: true });
    expect(text).toBe(stripVTControlCharacters(text));
    expect(coloured).not.toBe(text);
    expect(stripVTControlCharacters(coloured)).toBe(text);
  }
});

test('text from outside moves no cursor and gives no command to the runner of a job', () => {
  const escapeCode = String.fromCharCode(27);
  for (const columns of [40, 80, 200]) {
    const text = renderCheck(hostile, plain(columns));
    expect(text).not.toContain(escapeCode);
    expect(text).not.toContain('\u202e');
    expect(text).not.toContain('##[');
    for (const line of text.split('\n')) expect(line.trim()).not.toMatch(/^::/);
  }
});

describe('the words of a change', () => {
  const lineOf = (overrides: Parameters<typeof aFinding>[0]) =>
    renderCheck(aResult({ verdict: 'fail', findings: [aFinding(overrides)] }), plain(120));
  const change = (estimate: number, low: number | null, high: number | null) => ({
    scale: 'ratio' as const,
    estimate,
    low,
    high,
    confidence: 0.98,
  });

  test.each([
    ['ttft_ms:p(50)', 0.118, '+11.8 % (+9.1 to +14.6), slower'],
    ['ttft_ms:p(50)', -0.118, '-11.8 % (-14.5 to -9.0), faster'],
    ['decode_tokens_per_second:p(50)', -0.118, '-11.8 % (-14.5 to -9.0), slower'],
    ['decode_tokens_per_second:p(50)', 0.118, '+11.8 % (+9.1 to +14.6), faster'],
    ['error_rate', 0.118, '+11.8 % (+9.1 to +14.6), more errors'],
    ['cost_usd', -0.118, '-11.8 % (-14.5 to -9.0), cheaper'],
  ])('%s by %d', (metric, estimate, expected) => {
    const low = estimate < 0 ? estimate - 0.027 : 0.091;
    const high = estimate < 0 ? estimate + 0.028 : 0.146;
    expect(lineOf({ metric, verdict: 'fail', change: change(estimate, low, high) })).toContain(
      expected,
    );
  });

  test.each([
    [change(0.01, -0.02, 0.04), '+1.0 % (-2.0 to +4.0)  '],
    [change(0.5, 0.2, null), '+50.0 % (at least +20.0), slower'],
    [change(0.5, null, 0.7), '+50.0 % (at most +70.0)  '],
    [change(12, 11.5, 13), '+1,200 % (+1,150 to +1,300), slower'],
    [change(0.002, 0.0002, 0.0038), '+0.2 % (+0.02 to +0.4), slower'],
    [{ ...change(0.02, 0.01, 0.03), scale: 'difference' as const }, '+2.0 points (+1.0 to +3.0)'],
    [change(0, 0, 0), '0.0 % (0.0 to 0.0)'],
  ])('%j', (given, expected) => {
    expect(lineOf({ verdict: 'pass', change: given })).toContain(expected);
  });

  test.each([{ estimate: null, low: null, high: null }])('without any figure it is n/a', (none) => {
    const nothing = { value: null, low: null, high: null, n: 0 };
    const given = { ...change(0, 0, 0), ...none };
    const text = lineOf({
      verdict: 'inconclusive',
      change: given,
      value: nothing,
      baseline: nothing,
    });
    expect(text).toMatch(/TTFT p50 {2}n\/a {2}change n\/a/);
    const unknown = lineOf({ verdict: 'inconclusive', change: null, value: nothing });
    expect(unknown).toMatch(/184 → n\/a ms {2}change n\/a/);
  });
});
