import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { aFolder, runCli } from './run-cli.ts';

test('at one load, as a table and as JSON; what it found is kept', async () => {
  const cwd = await aFolder();
  const env = { XDG_CACHE_HOME: cwd };
  const args = ['calibrate', '--streams', '2', '--rate', '100'];
  const shown = await runCli(args, { cwd, env });
  expect(shown.code).toBe(0);
  expect(shown.stdout).toMatch(/^streams +chunks\/s +p50 +p99 +p99\.9 +max +CPU %\n─+\n +2 +200 /);
  expect(shown.stderr).toMatch(/^2 streams: p99 /);

  const { code, stdout, stderr } = await runCli([...args, '--json', '-q'], { cwd, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({ schema_version: 1, chunk_rate: 100 });
  expect(document).not.toHaveProperty('trusted_streams');
  expect(document.steps).toHaveLength(1);
  expect(document.steps[0]).toMatchObject({ streams: 2, chunk_rate: 100, cached: false });

  const kept = JSON.parse(await readFile(path.join(cwd, 'tokentape/calibration.json'), 'utf8'));
  expect(Object.values(kept.errors)).toEqual(document.steps);
  expect(kept.trusted).toEqual({});
});

test.each([
  [['--rate', '0'], /--rate: must be a whole number, 1 to 10000/],
  [['--streams', 'many'], /--streams: must be a whole number, 1 to 8192/],
  [['--stream', '5'], /unknown option '--stream'/],
])('calibrate %j is refused', async (args, message) => {
  const { code, stderr } = await runCli(['calibrate', ...args], { cwd: await aFolder() });
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
