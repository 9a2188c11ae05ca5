import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedPart, replaceGenerated } from '../../perf/capture/document.mjs';
import { figuresOf, median } from '../../perf/capture/figures.mjs';
import { captureTargets } from '../../perf/capture/targets.mjs';

const run = (cpuPerChunkUs: number, error = {}) => ({
  cpuPerChunkUs,
  chunks: 1000,
  reads: 800,
  chunksPerSecond: 9000,
  rssPerStreamBytes: 70 * 1024,
  replyBytes: 8 * 1024,
  maxRssBytes: 2 ** 27,
  error: { p50Ms: 0.05, p99Ms: 0.8, p999Ms: 3, maxMs: 7, ...error },
  sender: { heldChunks: 0, chunks: 1000, lateness: { p99Ms: 0.4 } },
  senderCpuPerChunkUs: 9,
});
const client = (name: string, runs: ReturnType<typeof run>[]) => ({
  client: name,
  title: name,
  runs,
});

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
])('median of %o', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('ratios are taken within a round, so that a busy moment hits both sides of one', () => {
  const figures = figuresOf([
    client('tokentape', [run(10), run(40), run(12)]),
    client('c', [run(2), run(8), run(3)]),
  ]);
  expect(figures.map(({ ratio }) => ratio)).toEqual([1, 5]);
  expect(figures.map(({ cpuPerChunkUs }) => cpuPerChunkUs)).toEqual([12, 3]);
  expect(figuresOf([client('c', [run(2)])])[0]?.ratio).toBeNull();
});

test('each promise is judged by its own figure, and by none where none was taken', () => {
  const paced = figuresOf([
    client('tokentape', [run(10)]),
    client('aiohttp', [run(20)]),
    client('sdk', [run(24)]),
    client('c', [run(2, { p99Ms: 0.3 })]),
  ]);
  const held = figuresOf([client('tokentape', [run(10, { p99Ms: 10.5 })])]);
  const judged = (compared: object[]) =>
    captureTargets(compared as Parameters<typeof captureTargets>[0]).map(({ reached }) => reached);
  expect(
    judged([
      { name: 'paced10k', figures: paced },
      { name: 'held5000', figures: held },
    ]),
  ).toEqual([true, false, true, true, true, true, false, true]);
  expect(judged([])).toEqual(Array(8).fill(null));
  const late = figuresOf([client('tokentape', [run(10, { p50Ms: 0.2, p99Ms: 5, p999Ms: 6 })])]);
  const withSlowC = [...late, ...figuresOf([client('c', [run(2, { p99Ms: 2.5 })])])];
  expect(judged([{ name: 'paced10k', figures: withSlowC }]).slice(3, 6)).toEqual([
    false,
    true,
    false,
  ]);
  expect(judged([{ name: 'paced10k', figures: late }]).slice(4, 5)).toEqual([false]);
});

const MARKS = [
  '<!-- begin: written by `npm run perf` -->',
  '<!-- end: written by `npm run perf` -->',
];

test('only what stands between the marks is replaced, however often', () => {
  const text = `# Title\n\nBy hand.\n\n${MARKS.join('\nold\n')}\n\nBy hand too.\n`;
  const once = replaceGenerated(text, 'new\n');
  expect(once).toBe(`# Title\n\nBy hand.\n\n${MARKS[0]}\n\nnew\n\n${MARKS[1]}\n\nBy hand too.\n`);
  expect(replaceGenerated(once, 'new')).toBe(once);
});

test.each([
  ['no marks', 'By hand.'],
  ['the end before the begin', `${MARKS[1]}\n${MARKS[0]}`],
  ['a begin alone', `${MARKS[0]}\n`],
  ['a mark twice', `${MARKS[0]}\n${MARKS[1]}\n${MARKS[0]}`],
])('nothing is written over a document with %s', (_, text) => {
  expect(() => replaceGenerated(text, 'new')).toThrow('docs/performance.md needs');
});

test('the shipped document has its marks', () => {
  const text = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');
  expect(replaceGenerated(text, 'new')).toContain('\nnew\n');
});

test('a whole measurement says where, when and what was left out', () => {
  const figures = figuresOf([client('tokentape', [run(10)]), client('c', [run(2)])]);
  const compared = [{ name: 'paced10k', title: 'ten thousand', figures }];
  const text = generatedPart({
    machine: 'a machine',
    date: '2026-01-02',
    command: 'npm run perf',
    targets: captureTargets(compared),
    compared,
    skipped: ['aiohttp: no Python (python3)'],
  });
  expect(text).toContain('2026-01-02, a machine, by `npm run perf`.');
  expect(text).toContain('### Ten thousand');
  expect(text).toContain('- aiohttp: no Python (python3)');
  expect(text).toMatch(/\| CPU per paced chunk.*≤ 6× the C loop, better 4\.5×.*5\.00×.*yes \|/);
  expect(text).toMatch(/vLLM's aiohttp loop.*not measured.*n\/a \|/);
});
