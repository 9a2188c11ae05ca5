import { expect, test } from 'vitest';
import { runJson } from '../../src/report/json.ts';
import { escapeMarkdown, markdownTable, runMarkdown } from '../../src/report/markdown.ts';
import { aFailure, aPlannedRow } from '../metrics/fixtures.ts';
import { aView, marketRun } from './fixtures.ts';

test('golden', async () => {
  const text = runMarkdown(marketRun({ simulated: true }));
  await expect(text).toMatchFileSnapshot('golden/run.md.txt');
});

test.each([
  ['a|b', 'a\\|b'],
  ['<img src=x onerror=1>', '&lt;img src=x onerror=1&gt;'],
  ['&lt;', '&amp;lt;'],
  [
    '[x](javascript:1) `c` *b* _i_ ~s~ \\',
    '\\[x\\](javascript:1) \\`c\\` \\*b\\* \\_i\\_ \\~&#8203;s\\~ \\\\',
  ],
  ['@team, #12, GH-7 and :tada:', '@&#8203;team, \\#&#8203;12, GH-&#8203;7 and :&#8203;tada:'],
  ['1. - x', '1\\. - x'],
  ['- x', '\\- x'],
  ['---', '\\---'],
  ['/close', '\\/close'],
  ['+11.8 %', '+11.8 %'],
  ['two\nlines\u202e', 'two lines\\\\u202e'],
])('%j is shown as it is', (text, expected) => {
  expect(escapeMarkdown(text)).toBe(expected);
});

test('a table has one line per row, whatever its cells hold', () => {
  expect(markdownTable(['a', 'b'], ['left', 'right'], [['x|y\nz', '1']])).toBe(
    '| a | b |\n| --- | ---: |\n| x\\|y z | 1 |',
  );
});

test('a message from a server cannot leave its list', () => {
  const record = aFailure({ error_message: '\n\n# owned\n<script>' });
  const text = runMarkdown(aView([record], [aPlannedRow({ planned: 1 })]));
  expect(text).toContain('- DeepSeek-R1: 1× server\\_5xx: \\# owned &lt;script&gt;\n');
});

test('JSON is one document with the manifest and the rows', () => {
  const view = marketRun();
  expect(JSON.parse(runJson(view))).toEqual(
    JSON.parse(JSON.stringify({ schema_version: 1, ...view })),
  );
  expect(runJson(view)).toMatch(/\}\n$/);
});
