import { describe, expect, test } from 'vitest';
import { checkMarkdown } from '../../../src/report/check/markdown-form.ts';
import { aFinding, aResult, hostile, manyFindings, pairedFail } from './fixtures.ts';

const MEBIBYTE = 1024 * 1024;

test('the verdict is the heading, what passed is folded away', () => {
  const text = checkMarkdown(pairedFail);
  expect(text).toMatch(/^## ❌ FAIL: DeepSeek-R1 is slower than production/m);
  const [open = '', folded = ''] = text.split('<details>');
  expect(open).toContain('| ❌ FAIL | DeepSeek-R1 · chat | TTFT p50 | 184 → 206 ms |');
  expect(open).not.toContain('✅ pass');
  expect(folded).toContain('<summary>✅ 4 passed</summary>');
});

describe('nothing from outside is markup', () => {
  const text = checkMarkdown(hostile);

  test('the only HTML is our own', () => {
    const tags = text.match(/<\/?[a-z][^>]*>/gi) ?? [];
    for (const tag of tags) expect(tag).toMatch(/^<(\/?(details|summary|sub)|br)>$/);
    expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
  });

  test('no heading, link, cell or line of its own', () => {
    expect(text.match(/^#/gm)).toHaveLength(1);
    expect(text).not.toMatch(/(?<!\\)\]\(/);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(7);
  });

  test('no address becomes a link', () => {
    const finding = aFinding({ verdict: 'fail', why: 'see https://evil.test and WWW.evil.test' });
    const linked = checkMarkdown(aResult({ verdict: 'fail', findings: [finding] }));
    expect(linked).toContain('https:&#8203;//evil.test');
    expect(linked).toContain('WWW&#8203;.evil.test');
  });
});

describe("GitHub's limit of 1 MiB", () => {
  const endless = '&'.repeat(500);
  const marks = `x${'\u0301'.repeat(3000)}`;

  test.each(['fail', 'inconclusive', 'pass'] as const)(
    'is kept with 4,000 findings: %s',
    (verdict) => {
      const findings = Array.from({ length: 4_000 }, (_, index) =>
        aFinding({
          verdict,
          model: `${index}${endless}`,
          why: endless,
          next: endless,
          against: marks,
        }),
      );
      const remarks = Array<string>(2000).fill(endless);
      const text = checkMarkdown(aResult({ verdict, findings, remarks }));
      expect(Buffer.byteLength(text)).toBeLessThan(MEBIBYTE);
      expect(text).toMatch(verdict === 'pass' ? /4000 passed/ : /… and [\d]+ more/);
    },
  );

  test('is kept by all kinds together', () => {
    const kinds = [
      { verdict: 'fail' },
      { verdict: 'inconclusive' },
      { verdict: 'pass' },
      { verdict: 'fail', advisory: true },
    ] as const;
    const findings = Array.from({ length: 4_000 }, (_, index) =>
      aFinding({ ...kinds[index % 4], model: `${index}${marks}`, why: marks, next: endless }),
    );
    const text = checkMarkdown(aResult({ verdict: 'fail', findings, remarks: [marks, endless] }));
    expect(Buffer.byteLength(text)).toBeLessThan(MEBIBYTE);
  });
});

test('what passed in numbers is summed up per metric, with what came closest', () => {
  const text = checkMarkdown(manyFindings(() => 'pass'));
  expect(text).toContain('<summary>✅ 108 passed</summary>');
  expect(text).toMatch(/\| TTFT p50 \| 36 \| \+1\.8 % \(-0\.2 to \+4\.0\) \| vendor\/model-12/);
  expect(text.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(5);
});
