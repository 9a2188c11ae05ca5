import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { aFolder, runCli, startCli } from './run-cli.ts';

test('simulate --log writes what became of each request, those that the end cuts off too', async () => {
  const cwd = await aFolder();
  const args = ['simulate', '--port', '0', '--log', 'log.ndjson', '--fault', 'stall@DeepSeek-R1'];
  const { child, ended } = startCli(args, { cwd });
  const [url] = child.stdout === null ? [] : await once(child.stdout, 'data');
  const ask = (model: string, content: string) =>
    fetch(`${String(url).trim()}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer any' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content }], stream: true }),
    });
  const stalled = await ask('DeepSeek-R1', '[tokentape nonce b]\nHello');
  await (await ask('Llama-Guard-3-8B', '[tokentape nonce a]\nHello')).text();
  child.kill('SIGTERM');
  await stalled.text().catch(() => {});
  expect(await ended).toMatchObject({ code: 0 });
  const lines = (await readFile(path.join(cwd, 'log.ndjson'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { nonce: 'a', turn: 0, fault: null, status: 200, ended: 'finished' },
    { nonce: 'b', turn: 0, fault: 'stall', status: 200, ended: 'aborted' },
  ]);
});

test('simulate --log writes over nothing', async () => {
  const cwd = await aFolder({ 'log.ndjson': 'mine' });
  const { code, stderr } = await runCli(['simulate', '--port', '0', '--log', 'log.ndjson'], {
    cwd,
  });
  expect(stderr).toMatch(/^tokentape: cannot write log\.ndjson: /);
  expect(code).toBe(74);
  expect(await readFile(path.join(cwd, 'log.ndjson'), 'utf8')).toBe('mine');
});
