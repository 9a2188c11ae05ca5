import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FaultServer, startFaultServer } from '../capture/fault-server.ts';
import { aFolder, readOnlyRun } from '../commands/run-cli.ts';
import { chunk } from '../decode/tapes.ts';
import { type FaultEndpoints, startFaultEndpoints } from '../faults/endpoints.ts';
import { type Exchange, http1Exchange } from '../faults/exchange.ts';
import { FAULT_SIZES } from '../faults/fault.ts';
import { FAULTS, faultNamed } from '../faults/rows.ts';
import { CANARIES, leaksInFolder, runWatched, type WatchedResult } from './canary.ts';
import { ECHO } from './echoes.ts';

const PLAYED = FAULTS.filter(({ at, over }) => at === undefined && over.includes('http'));
const PLACED = FAULTS.filter(({ at, over }) => at !== undefined && over.includes('https'));
const nameOf = ({ name }: { name: string }): string => name;

/** Commits the fault, and repeats all secrets on the way: in the head, and in front of whatever is sent. */
function echoing(exchange: Exchange): Exchange {
  let isCounted = false;
  let isFirst = true;
  return {
    ...exchange,
    get open() {
      return exchange.open;
    },
    head: (parts = {}) => {
      isCounted = parts.headers?.['content-length'] !== undefined;
      const headers = { 'x-echo': ECHO, 'x-litellm-call-id': CANARIES.key, ...parts.headers };
      return exchange.head({ ...parts, headers });
    },
    send: async (bytes) => {
      if (isFirst && !isCounted) await exchange.send(`: ${ECHO}\n\n${chunk({ role: ECHO })}`);
      isFirst = false;
      // Of known length, the secret takes the place of what was to come.
      const text = Buffer.from(bytes as string);
      if (isCounted && text.length > 40) text.write(CANARIES.key, 12);
      await exchange.send(text);
    },
    fin: () => {
      exchange.peer?.socket.write(`: ${ECHO.slice(0, 60)}`);
      exchange.fin();
    },
  };
}

let server: FaultServer;
let endpoints: FaultEndpoints;
let cwd: string;
let run: WatchedResult;

beforeAll(async () => {
  server = await startFaultServer((peer, { body }, hit) => {
    const { model } = JSON.parse(body) as { model: string };
    return faultNamed(model).play?.(echoing(http1Exchange(peer, hit)));
  });
  endpoints = await startFaultEndpoints();
  const target = (url: string, models: string[]): string =>
    `{ base_url: "${url}", api_key: "\${MARKET_KEY}", ca_file: ca.pem, headers: { api-key: "\${OWN_KEY}", x-tenant: "\${TENANT}" }, models: [${models.join(', ')}] }`;
  const { bodyBytes, eventBytes, events, headerBytes } = FAULT_SIZES;
  cwd = await aFolder({
    'bench.config.yaml': [
      'targets:',
      `  played: ${target(`http://127.0.0.1:${server.port}/v1`, PLAYED.map(nameOf))}`,
      ...PLACED.map(
        (fault) => `  ${fault.name}: ${target(endpoints.baseUrl(fault, 'https'), [fault.name])}`,
      ),
      'models:',
      ...[...PLAYED, ...PLACED].map(({ name }) => `  - { name: ${name} }`),
      'validity: { late_ms: 60000, late_share: 1, cpu_share: 1 }',
      'defaults:',
      `  limits: { body_bytes: ${bodyBytes}, event_bytes: ${eventBytes}, events: ${events}, header_bytes: ${headerBytes} }`,
      '  timeouts: { connect: 1500ms, first_token: 2s, stall: 1500ms, total: 4s }',
    ].join('\n'),
    'suites/one.yaml':
      'description: one\ncases: [{ id: a, prompt: Hi, expect: { type: contains, value: Hello } }]\n',
  });
  await writeFile(path.join(cwd, 'ca.pem'), endpoints.ca);
  const targets = ['played', ...PLACED.map(nameOf)].flatMap((name) => ['-t', name]);
  run = await runWatched(['run', '-s', 'one', '-v', ...targets], {
    cwd,
    env: { ...endpoints.environment },
  });
}, 60_000);
afterAll(() => Promise.all([server.close(), endpoints.close()]));

describe('requests that fail in every way of the fault table, at servers that repeat all secrets', () => {
  test('failed in their ways', async () => {
    const { records } = await readOnlyRun(path.join(cwd, 'results'));
    expect(run.stderr).not.toContain('this should not have happened');
    expect(new Set(records.map(({ model }) => model))).toEqual(
      new Set([...PLAYED, ...PLACED].map(nameOf)),
    );
    const outcomes = new Set(records.map(({ outcome }) => outcome));
    expect([...outcomes]).toEqual(
      expect.arrayContaining([
        ...[
          'dns',
          'connect',
          'connect_timeout',
          'tls',
          'proxy',
          'reset_pre_headers',
          'reset_mid_stream',
        ],
        ...[
          'truncated',
          'auth',
          'forbidden',
          'not_found',
          'rate_limited',
          'server_5xx',
          'not_sse',
          'stalled',
        ],
        ...[
          'limit_exceeded',
          'stream_error',
          'malformed_json',
          'redirect',
          'ttft_timeout',
          'protocol',
          'ok',
        ],
      ]),
    );
  });

  test('leave no secret in any file', async () => {
    expect(await leaksInFolder(cwd, ['bench.config.yaml'])).toEqual([]);
  });

  test('say none', () => {
    expect(run.leaks).toEqual([]);
    expect(run.stdout + run.stderr).toContain('****');
  });
});
