import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { aFolder, configFor, readOnlyRun, runCli, startCli } from '../commands/run-cli.ts';

const HOOK = new URL('./break.mjs', import.meta.url).href;
let server: Simulator;
beforeAll(async () => {
  // DeepSeek-R1 answers; the other model is silent for as long as it is let.
  const fault = { fault: 'stall' as const, model: 'Llama-Guard-3-8B' };
  server = await startSimulator({ profile: 'fast', faults: [fault] });
});
afterAll(() => server.close());

async function startRun(what = '') {
  const cwd = await aFolder({ 'bench.config.yaml': configFor(server.url) });
  const hook = { NODE_OPTIONS: `--import ${HOOK}`, BREAK: what };
  const env = { MARKET_KEY: 'any', ...(what !== '' && hook) };
  const cli = startCli(['run', '-n', '60', '-j', '2', '-q'], { cwd, env });
  return { cwd, results: path.join(cwd, 'results'), ...cli };
}

async function untilSending(results: string): Promise<string> {
  for (;;) {
    const name = (await readdir(results).catch(() => [])).find((one) => one !== 'latest');
    const folder = path.join(results, name ?? '');
    if (existsSync(path.join(folder, 'tapes.ndjson.gz'))) return folder;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A request that nobody keeps the answer of is not waited for: the server sees its connection end. */
async function untilIdle(): Promise<void> {
  while (server.stats().in_flight > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a disk that fails', () => {
  test.each([
    ['ENOSPC@requests.ndjson', 'requests.ndjson', 'make room on the disk'],
    ['sync:EIO@requests.ndjson', 'requests.ndjson', 'see to the disk'],
    ['EROFS@grades.ndjson', 'grades.ndjson', 'make the file system writable again'],
  ])('%s: sending stops, exit 74', async (what, file, remedy) => {
    const { results, ended } = await startRun(what);
    const { code, stderr } = await ended;
    expect(stderr).toMatch(new RegExp(`^tokentape: cannot write \\S+/${file}: E`));
    expect(stderr).toMatch(/nothing more is sent; \d+ records? (are|is) safe in \S+/);
    expect(stderr).toContain(`${remedy}, then go on: tokentape run --resume `);
    expect(code).toBe(74);
    await untilIdle();
    const { manifest, records } = await readOnlyRun(results);
    expect(manifest.state).toBe('partial');
    expect(stderr).toContain(`${records.length} record`);
  });

  test('that cannot take the plan: nothing is sent, and it says so', async () => {
    const before = server.stats().requests;
    const { ended } = await startRun('ENOSPC@tapes.ndjson.gz');
    const { code, stderr } = await ended;
    expect(code).toBe(74);
    expect(stderr).toMatch(/cannot write .*tapes.ndjson.gz: ENOSPC.*\n {2}nothing was sent\n/);
    expect(server.stats().requests).toBe(before);
  });
});

describe('a folder that goes away under a run', () => {
  test.each([
    ['is removed', (folder: string) => rm(folder, { recursive: true })],
    ['is renamed', (folder: string) => rename(folder, `${folder}-moved`)],
    ['loses its journal', (folder: string) => rm(path.join(folder, 'requests.ndjson'))],
  ])('%s: noticed soon, exit 74', async (_what, spoil) => {
    const { results, ended } = await startRun();
    await spoil(await untilSending(results));
    const { code, stderr } = await ended;
    expect(code).toBe(74);
    expect(stderr).toMatch(/requests.ndjson is no longer there|cannot write/);
    expect(stderr).not.toContain('should not have happened');
    await untilIdle();
  });
});

describe('a thread that dies', () => {
  test.each([
    ['worker-throw', 'broken on purpose'],
    ['worker-exit', 'the measuring thread ended early'],
  ])(
    'the measuring one, by %s: what it had in flight is lost and accounted for',
    async (what, why) => {
      const { cwd, results, ended } = await startRun(what);
      const { code, stderr } = await ended;
      expect(code).toBe(1);
      expect(stderr.match(/should not have happened/g)).toHaveLength(1);
      expect(stderr).toContain(why);
      const { manifest, records, name } = await readOnlyRun(results);
      expect(stderr).toContain(`${records.length} record`);
      expect(stderr).toContain(`tokentape run --resume results/${name}`);
      expect(manifest.state).toBe('partial');
      const lost = records.filter(({ outcome }) => outcome === 'lost');
      // Both slots of the silent model, from the beginning on.
      expect(lost.filter(({ model }) => model === 'Llama-Guard-3-8B')).toHaveLength(2);
      expect(lost[0]?.error_message).toBe(`the measuring thread died: ${why}`);
      expect(new Set(records.map(({ request_id }) => request_id)).size).toBe(records.length);
      const csv = await runCli(['export', 'latest', '--to', 'json'], { cwd });
      for (const { requests } of JSON.parse(csv.stdout).rows) {
        const { planned, ok, failed, dropped, cancelled, skipped, lost } = requests;
        expect(planned).toBe(ok + failed + dropped + cancelled + skipped + lost);
      }
    },
  );

  test.each(['main-throw', 'main-reject'])(
    'the main one, by %s: the journal is there',
    async (what) => {
      const { results, ended } = await startRun(what);
      const { code, stderr } = await ended;
      expect(code).toBe(1);
      expect(stderr.match(/should not have happened/g)).toHaveLength(1);
      expect(stderr).toContain('broken on purpose');
      expect(stderr).toMatch(
        /\d+ records? of this run (are|is) in \S+; to go on: tokentape run --resume/,
      );
      const { manifest, texts } = await readOnlyRun(results);
      expect(manifest.state).toBe('partial');
      expect(texts['requests.ndjson']).toMatch(/\}\n$/);
    },
  );
});
