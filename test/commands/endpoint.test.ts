import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { aFolder, type CliResult, configFor, readOnlyRun, runCli, startCli } from './run-cli.ts';

const ALL = 'sk-canary-all-models-0001';
const ONE = 'sk-canary-one-model-0002';
const WRONG = 'sk-canary-wrong-key-0003';
const MODELS = 2;

/** A command in a folder whose config points to `url`, with `key` in the environment. */
async function ask(
  url: string,
  key: string,
  args: string[],
  stdin = '',
): Promise<CliResult & { cwd: string }> {
  const cwd = await aFolder({ 'bench.config.yaml': configFor(url) });
  const result = await runCli(args, { cwd, env: { MARKET_KEY: key }, stdin });
  return { ...result, cwd };
}

describe('beside a server', () => {
  let server: Simulator;
  beforeAll(async () => {
    server = await startSimulator({
      profile: 'fast',
      keys: { [ALL]: 'all', [ONE]: ['DeepSeek-R1'] },
    });
  });
  afterAll(() => server.close());

  const requestsTo = (model: string): number => server.stats().models[model]?.requests ?? 0;

  test('a wrong key: one request a model, exit 69, and that word', async () => {
    const before = server.stats().requests;
    const { code, stdout, stderr } = await ask(server.url, WRONG, ['run', '-n', '3', '-w', '1']);
    expect(stderr).toMatch(/^tokentape: every model refused the key: Incorrect API key provided$/m);
    expect(stderr).toContain('check the key, and the address');
    expect(stdout).toContain('No request was measured.');
    expect(stdout).toContain('r1, guard: the endpoint refused the model (401: ');
    expect(code).toBe(69);
    expect(server.stats().requests - before).toBe(MODELS);
  });

  test.each([0, 1])(
    'a model not subscribed: skipped with the reason, for one request (warm-up %i)',
    async (warmup) => {
      const before = { r1: requestsTo('DeepSeek-R1'), guard: requestsTo('Llama-Guard-3-8B') };
      const { code, stdout, cwd } = await ask(server.url, ONE, [
        'run',
        '-n',
        '3',
        '-w',
        String(warmup),
      ]);
      expect(stdout).toMatch(/^r1 +3\/3 /m);
      expect(stdout).toMatch(/^Skipped\n {2}guard: not subscribed \(403: /m);
      expect(code).toBe(0);
      expect(requestsTo('DeepSeek-R1') - before.r1).toBe(3 + warmup);
      expect(requestsTo('Llama-Guard-3-8B') - before.guard).toBe(1);
      const { manifest } = await readOnlyRun(`${cwd}/results`);
      expect(manifest.planned.map(({ not_subscribed }) => not_subscribed)).toEqual([false, true]);
    },
  );

  test('figures that are real say nowhere that they are not', async () => {
    const { code, stdout, stderr } = await ask(server.url, ALL, ['run', '-n', '2']);
    expect(code).toBe(0);
    expect(`${stdout}${stderr}`.toLowerCase()).not.toContain('simulat');
  });

  test('models tells what the key opens', async () => {
    const { code, stdout } = await ask(server.url, ONE, ['models', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema_version: 1,
      simulated: false,
      models: [
        { target: 'market', model: 'DeepSeek-R1', listed: true, standing: 'subscribed' },
        { target: 'market', model: 'Llama-Guard-3-8B', listed: false, standing: 'not subscribed' },
      ],
    });
  });

  test('models believes the list where asked to, and sends nothing to any model', async () => {
    const before = requestsTo('DeepSeek-R1');
    const { code, stdout } = await ask(server.url, ALL, ['models', '--no-probe']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^DeepSeek-R1 +yes +not probed/m);
    expect(requestsTo('DeepSeek-R1')).toBe(before);
  });

  test('models says of a wrong key that it is refused', async () => {
    const { code, stdout, stderr } = await ask(server.url, WRONG, ['models']);
    expect(code).toBe(69);
    expect(stdout).toMatch(/^DeepSeek-R1 +– +refused/m);
    expect(stderr).toContain('every model refused the key');
  });

  test('stream prints the reply and nothing else', async () => {
    const { code, stdout, stderr } = await ask(server.url, ALL, ['stream', 'r1', 'Hello']);
    expect(stdout.trim()).not.toBe('');
    expect(stdout).toMatch(/[^\n]\n$/);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('stream as events, the text from stdin', async () => {
    const args = ['stream', 'r1', '--format', 'sse', '--system', 'Be brief.'];
    const { code, stdout } = await ask(server.url, ALL, args, 'Hello');
    expect(stdout).toMatch(/^(data: \{"content": "(\\.|[^"\\])+"\}\n\n)+data: \[DONE\]\n\n$/);
    expect(code).toBe(0);
  });

  test.each([
    [
      'sse',
      'data: {"error": "The key is not subscribed to the model \'Llama-Guard-3-8B\'."}\n\ndata: [DONE]\n\n',
      '',
    ],
    ['text', '', "tokentape: The key is not subscribed to the model 'Llama-Guard-3-8B'.\n"],
  ])('stream of a refused model as %s', async (format, out, err) => {
    const result = await ask(server.url, ONE, ['stream', 'guard', 'Hi', '--format', format]);
    expect(result).toMatchObject({ code: 69, stdout: out, stderr: err });
  });
});

test('nobody listens: every request fails so, exit 69, the class in the table', async () => {
  const port = await freePort();
  const { code, stdout, stderr, cwd } = await ask(`http://127.0.0.1:${port}/v1`, ALL, [
    'run',
    '-s',
    'reasoning',
    '-n',
    '2',
  ]);
  expect(stdout).toMatch(/^r1 +0\/2 +100 /m);
  expect(stdout).toMatch(/^ {2}r1, guard: 4× connect: .*ECONNREFUSED/m);
  expect(stderr).toMatch(/^tokentape: every request failed: .*ECONNREFUSED/m);
  expect(stderr).toContain('check the address');
  expect(code).toBe(69);
  const { manifest, records } = await readOnlyRun(`${cwd}/results`);
  expect(manifest.state).toBe('complete');
  expect(records.map(({ outcome }) => outcome)).toEqual(records.map(() => 'connect'));
});

test('a server that fails every request was found: its address is not blamed', async () => {
  const failing = await startSimulator({ profile: 'fast', faults: [{ fault: '500' }] });
  const result = await ask(failing.url, ALL, ['run', '-s', 'smoke', '-n', '1']);
  await failing.close();
  expect(result.stderr).toMatch(/^tokentape: every request failed: .*server_5xx/m);
  expect(result.stderr).not.toContain('check the address');
  expect(result.code).toBe(69);
});

test('simulate serves until it is interrupted, with the keys, faults and scales it was given', async () => {
  const cwd = await aFolder();
  const args = ['simulate', '--port', '0', '--profile', 'fast', '--fault', '429@Llama-Guard-3-8B'];
  const scales = ['--scale', '2@DeepSeek-R1', '--scale', '10@DeepSeek-R1'];
  const keys = ['--api-key', `${ONE}=DeepSeek-R1`, ALL];
  const { child, ended } = startCli([...args, ...scales, ...keys], { cwd });
  const url = await new Promise<string>((resolve) => {
    child.stdout?.once('data', (text: string) => resolve(text.trim()));
  });
  const list = async (key: string): Promise<string[]> => {
    const response = await fetch(`${url}/models`, { headers: { authorization: `Bearer ${key}` } });
    return ((await response.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
  };
  expect(await list(ONE)).toEqual(['DeepSeek-R1']);
  expect(await list(ALL)).toHaveLength(12);
  const beganMs = performance.now();
  expect((await ask(url, ALL, ['stream', 'r1', 'Hi'])).code).toBe(0);
  // 21 ms to the first token in this profile, and its jitter; twenty times that.
  expect(performance.now() - beganMs).toBeGreaterThan(250);
  const limited = await ask(url, ALL, ['stream', 'guard', 'Hi']);
  expect(limited).toMatchObject({ code: 69, stdout: '' });
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0 });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
