import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { aFolder, configFor, readOnlyRun, runCli } from './run-cli.ts';

const KEY = 'sk-canary-7d1f0a9b3c';
let server: Simulator;
beforeAll(async () => {
  // One model's errors repeat the key, as careless servers do.
  const fault = { fault: 'echo_key' as const, model: 'Llama-Guard-3-8B' };
  server = await startSimulator({ profile: 'fast', keys: { [KEY]: 'all' }, faults: [fault] });
});
afterAll(() => server.close());

const RUN = ['run', '-n', '3'];

test.each([
  ['a run', [...RUN], /Incorrect API key provided: Bearer \*+/],
  ['a run as JSON', [...RUN, '--json'], /Incorrect API key provided: Bearer \*+/],
  ['a dry run', [...RUN, '--dry-run'], /Nothing is sent/],
  ['models', ['models'], /401: Incorrect API key provided/],
  ['models as JSON', ['models', '--json'], /Incorrect API key provided: Bearer \*+/],
  ['stream', ['stream', 'guard', 'Hi'], /Incorrect API key provided: Bearer \*+/],
  ['stream as events', ['stream', 'guard', 'Hi', '--format', 'sse'], /Bearer \*+"\}/],
])('the key is not in what %s says or writes', async (_, args, said) => {
  const cwd = await aFolder({
    'bench.config.yaml': configFor(server.url),
    '.env': `MARKET_KEY=${KEY}\n`,
  });
  const { stdout, stderr } = await runCli(args, { cwd, env: { COLUMNS: '200' } });
  const all = `${stdout}${stderr}`;
  expect(all).toMatch(said);
  expect(all).not.toContain(KEY);
  if (args[0] !== 'run' || args.includes('--dry-run')) return;
  const { texts } = await readOnlyRun(`${cwd}/results`);
  expect(Object.keys(texts)).toContain('tapes.ndjson.gz');
  for (const [name, text] of Object.entries(texts)) expect(text, name).not.toContain(KEY);
});

test('the key is not in what is said of an endpoint that will not list its models', async () => {
  const careless = createServer((request, response) => {
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: `no: ${request.headers.authorization}` } }));
  });
  await new Promise<void>((resolve) => careless.listen(0, '127.0.0.1', resolve));
  const { port } = careless.address() as AddressInfo;
  const config = configFor(`http://127.0.0.1:${port}/v1`).replace('[r1, guard]', 'subscribed');
  const cwd = await aFolder({ 'bench.config.yaml': config, '.env': `MARKET_KEY=${KEY}\n` });
  const { code, stdout, stderr } = await runCli([...RUN], { cwd });
  careless.close();
  expect(stderr).toMatch(/does not tell its models \(no: Bearer \*+\)/);
  expect(`${stdout}${stderr}`).not.toContain(KEY);
  expect(code).toBe(69);
});
