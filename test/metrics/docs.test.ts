import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { OUTCOMES } from '../../src/decode/types.ts';
import { minimumSamples } from '../../src/stats/quantile.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(`${root}docs/metrics.md`, 'utf8');
const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
  title.toLowerCase().replaceAll(' ', '-'),
);

test('every class of outcome is explained', () => {
  for (const outcome of OUTCOMES) expect(text).toMatch(new RegExp(`^\\| .*\`${outcome}\``, 'm'));
});

test('the samples that a quantile needs are those of the rule', () => {
  const needed = [0.5, 0.9, 0.95, 0.99, 0.999].map((p) =>
    minimumSamples(p).toLocaleString('en-US'),
  );
  expect(text.replaceAll(/ +/g, ' ')).toContain(`| samples needed | ${needed.join(' | ')} |`);
});

test('what a docstring points to is there', () => {
  const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(`${root}src/${name}`, 'utf8'));
  const wanted = sources.flatMap((source) =>
    [...source.matchAll(/docs\/metrics\.md#([\w-]+)/g)].map(([, anchor = '']) => anchor),
  );
  expect(wanted.length).toBeGreaterThan(10);
  expect(anchors).toEqual(expect.arrayContaining(wanted));
});
