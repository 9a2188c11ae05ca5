import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FaultServer, startFaultServer, whole } from '../capture/fault-server.ts';
import { aFolder, readOnlyRun } from '../commands/run-cli.ts';
import { CANARIES, leaksIn, leaksInFolder, runWatched, type WatchedResult } from './canary.ts';
import { ECHO, ECHOES } from './echoes.ts';

const NAMES = Object.keys(ECHOES);
const SUITE = `description: whatever a server repeats
cases:
  - id: one
    prompt: "What is the key?"
    expect: { type: contains, value: ok }
  - id: two
    prompt: "And the key again?"
    expect: { type: model-graded, value: It is polite. }
`;

const configFor = (url: string, judgeUrl: string): string => `targets:
  market:
    base_url: ${url}
    api_key: \${MARKET_KEY}
    headers: { api-key: "\${OWN_KEY}", x-tenant: "\${TENANT}", x-team: red-team }
    public_headers: [x-team]
    models: [${NAMES.join(', ')}]
  judging:
    base_url: ${judgeUrl}
    api_key: \${JUDGE_KEY}
    models: [judge]
models:
${[...NAMES, 'judge'].map((name) => `  - { name: ${name}, price: { input_per_mtok: 1, output_per_mtok: 1 } }`).join('\n')}
validity: { late_ms: 60000, late_share: 1, cpu_share: 1 }
grading: { judge: { model: judging/judge, retries: 0 } }
`;

let server: FaultServer;
let judge: FaultServer;
let cwd: string;
let run: WatchedResult;

beforeAll(async () => {
  server = await startFaultServer((peer, { line, body }) => {
    if (line.startsWith('GET'))
      return peer.write(
        whole(JSON.stringify({ data: [{ id: ECHO }] }), '200 OK', 'application/json'),
      );
    const { model } = JSON.parse(body) as { model: string };
    return ECHOES[model]?.(peer);
  });
  judge = await startFaultServer((peer, { headers }, hit) =>
    peer.write(
      whole(
        JSON.stringify({
          error: { message: `${'y'.repeat(490 + (hit % 30))}${headers.authorization}, ${ECHO}` },
        }),
        '503 No',
        'application/json',
      ),
    ),
  );
  cwd = await aFolder({
    'bench.config.yaml': configFor(
      `http://127.0.0.1:${server.port}/v1`,
      `http://127.0.0.1:${judge.port}/v1`,
    ),
    'suites/canary.yaml': SUITE,
  });
  const limits = ['--first-token-timeout', '4s', '--stall-timeout', '4s', '--timeout', '8s'];
  run = await runWatched(['run', '-s', 'canary', '-v', ...limits], { cwd });
}, 60_000);
afterAll(() => Promise.all([server.close(), judge.close()]));

describe('a run against a server that repeats all secrets in every way', () => {
  test('asked for every way, and took the answers', async () => {
    const { records, texts } = await readOnlyRun(path.join(cwd, 'results'));
    expect(run.stderr).not.toContain('this should not have happened');
    expect(new Set(records.map(({ model }) => model))).toEqual(new Set(NAMES));
    const outcomes = Object.fromEntries(records.map(({ model, outcome }) => [model, outcome]));
    expect(outcomes).toMatchObject({
      ...{
        answer: 'ok',
        'answer-letter-by-letter': 'ok',
        'tool-call': 'ok',
        gzip: 'ok',
        brotli: 'ok',
      },
      ...{
        'in-headers-ok': 'ok',
        'other-choice': 'ok',
        redirect: 'redirect',
        malformed: 'malformed_json',
      },
      ...{
        'error-in-stream': 'stream_error',
        'error-400': 'bad_request',
        'in-headers': 'forbidden',
      },
    });
    expect(judge.hits).toBeGreaterThan(0);
    expect(Object.keys(texts)).toContain('judge.ndjson');
  });

  test('leaves no secret in any file', async () => {
    expect(await leaksInFolder(path.join(cwd, 'results'))).toEqual([]);
  });

  test('says none, and shows none to whoever looks at the process and its children', () => {
    expect(run.leaks).toEqual([]);
    expect(run.stdout).toContain('*****');
  });

  test('tells of what it starred out, and how a header is made public', () => {
    expect(run.stderr).toContain('Replies held the key of market: it was starred out');
    expect(run.stderr).toContain('Replies held the value of the header x-tenant of market');
    expect(run.stderr).toContain('list x-tenant under public_headers');
    expect(run.stderr).not.toContain('list api-key');
  });

  test('is read, shown, exported, compared and judged without one', async () => {
    const forms = ['text', 'md', 'json', 'junit', 'annotations', 'gitlab-quality', 'openmetrics'];
    const reports = forms.flatMap((form) => ['--report', `${form}=reports/${form}`]);
    const commands = [
      ['show', 'latest'],
      ['export', 'latest', '--to', 'csv'],
      ['export', 'latest', '--to', 'json'],
      ['export', 'latest', '--to', 'md', '-o', 'run.md'],
      ['export', 'latest', '--to', 'junit'],
      ['compare', 'latest', '--json'],
      ['list', '--json'],
      ['recompute', 'latest', '-o', 'again'],
      ['check', 'latest', '--threshold', 'error_rate<0.5', ...reports],
      ['validate', '-s', 'canary'],
      ['models', '--no-probe', '--json'],
      ['run', '-s', 'canary', '--dry-run', '--json'],
    ];
    const results = await inTwos(commands, (args) => runWatched(args, { cwd }));
    for (const [index, { code, leaks, stdout, stderr }] of results.entries()) {
      expect(leaks, commands[index]?.join(' ')).toEqual([]);
      expect([0, 3, 4, 69, 99], `${commands[index]}: ${stderr}`).toContain(code);
      expect(stdout.length + stderr.length).toBeGreaterThan(10);
    }
    expect(await leaksInFolder(cwd, ['bench.config.yaml'])).toEqual([]);
  });
});

test('a reply that is streamed to a terminal or as events shows none', async () => {
  const models = ['answer-letter-by-letter', 'answer-in-pieces', 'redirect', 'error-in-stream'];
  const commands = models.flatMap((model) => [
    ['stream', model, 'Hi'],
    ['stream', model, 'Hi', '--format', 'sse'],
  ]);
  const results = await inTwos(commands, (args) => runWatched(args, { cwd }));
  for (const [index, { leaks, stdout, stderr }] of results.entries()) {
    expect(leaks, commands[index]?.join(' ')).toEqual([]);
    expect(stdout + stderr).toContain('***');
  }
  // All that is no secret came, in its order.
  expect(results[0]?.stdout.replaceAll(/\*+/g, '*')).toMatch(
    /^You sent Bearer \*, api-key: \*, x-tenant: \*, me:\*\.$|^You sent Bearer \*, api-key: \*, x-tenant: \*, \*\.$/m,
  );
});

async function inTwos<In, Out>(
  list: readonly In[],
  work: (one: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  for (let at = 0; at < list.length; at += 2) {
    results.push(...(await Promise.all(list.slice(at, at + 2).map(work))));
  }
  return results;
}

test('the search for leaks finds what was planted, in every file and form', async () => {
  const { key } = CANARIES;
  const planted = await aFolder({
    'a/b.txt': `x ${key} y`,
    'c.ndjson': JSON.stringify(JSON.stringify({ key })),
    [`${encodeURIComponent(key)}.txt`]: '',
  });
  expect(await leaksInFolder(planted)).toEqual(
    expect.arrayContaining([
      'a/b.txt: key, plain',
      expect.stringMatching(/c\.ndjson: key, \d × escaped|c\.ndjson: key, plain/),
      expect.stringMatching(/a name of a file: key/),
    ]),
  );
  expect(leaksIn([['x', Buffer.from(`me:${key}`).toString('base64')]])).toEqual(['x: key, base64']);
});
