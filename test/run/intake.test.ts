import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { inflateTape } from '../../src/decode/inflate.ts';
import { decodeTape } from '../../src/decode/reply.ts';
import { openRun, readTapes } from '../../src/store/read.ts';
import { scratchFolder } from '../store/scratch.ts';
import { caseOf, modelOf, runOnce, settingsOf, suiteOf, targetOf } from './running.ts';

const KEY = 'sk-canary-0123456789';
const scratch = scratchFolder();

let server: Server;
afterEach(() => server.close());

/** A server that gives the key away in its answer, compressed or not. */
async function serve(pieces: string[], encoding: 'gzip' | 'identity'): Promise<string> {
  const events = pieces.map(
    (piece) => `data: {"choices":[{"index":0,"delta":{"content":${piece}}}]}`,
  );
  const text = [...events, 'data: [DONE]', ''].join('\n\n');
  const body = encoding === 'gzip' ? gzipSync(text) : Buffer.from(text);
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': encoding });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

const whole = [JSON.stringify(`your key is ${KEY}`)];
const inPieces = ['"your key is "', ...(KEY.match(/.{1,3}/g) ?? []).map((part) => `"${part}"`)];
const escaped = [JSON.stringify(`your key is ${KEY}`).replace('canary', '\\u0063anary')];

test.each([
  ['whole', whole, 'identity'],
  ['in a compressed body', whole, 'gzip'],
  ['in pieces', inPieces, 'identity'],
  ['in pieces of a compressed body', inPieces, 'gzip'],
  ['escaped', escaped, 'identity'],
] as const)('a key that the answer gives away %s is in no file', async (how, pieces, encoding) => {
  const url = await serve([...pieces], encoding);
  const targets = [targetOf(url, [modelOf('m')])];
  const outputDir = path.join(scratch, how.replaceAll(' ', '-'));
  const { folder, records } = await runOnce(
    [suiteOf([caseOf('a')])],
    targets,
    settingsOf(outputDir),
  );
  expect(records.map(({ outcome }) => outcome)).toEqual(['ok']);
  // Filler is as long as what it stands for, escapes included.
  const stars = KEY.length + (how === 'escaped' ? '\\u0063'.length - 1 : 0);
  expect(records[0]?.answer_text).toBe(`your key is ${'*'.repeat(stars)}`);
  for (const file of readdirSync(folder.path)) {
    const bytes = readFileSync(path.join(folder.path, file));
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    expect(text).not.toContain(KEY);
  }
  for await (const tape of readTapes(await openRun(folder.path, outputDir))) {
    expect(tape.arrivalBytes.reduce((sum, bytes) => sum + bytes, 0)).toBe(tape.body.length);
    expect(decodeTape(await inflateTape(tape), 'openai').answerText).not.toContain(KEY);
  }
});
