import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonText } from '../../src/json.ts';
import { CarefulReader } from '../../src/report/careful.ts';
import { commandless, Screen } from '../../src/report/screen.ts';
import { neutralise, neutraliseLines, truncate, truncateMiddle } from '../../src/report/text.ts';
import { aFolder, runCli } from '../commands/run-cli.ts';
import { writeRun } from '../commands/stored-runs.ts';
import { aGrade, aPlannedRow } from '../metrics/fixtures.ts';
import { ACTS, ALL_HOSTILE, COMMANDS, HOSTILE } from './hostile.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
const OWN_COLOURS = /\x1b\[(?:1|2|22|31|32|33|39)m/g;
const anyText = fc.string({ unit: 'binary', maxLength: 60 });

describe('a text of outside', () => {
  test.each(Object.entries(HOSTILE))('%s does nothing to a terminal', (_, text) => {
    expect(neutralise(text)).not.toMatch(ACTS);
    expect(neutraliseLines(text)).not.toMatch(ACTS);
  });

  test.each([
    ['flags and families', '👩‍👩‍👧 ❤️‍🔥 👍🏽 #️⃣'],
    ['scripts that join', 'می‌خواهم নিয়ন্ত্রণ क्‍ष ര്‍'],
    ['names with variants', '葛󠄀城 辻󠄀'],
    ['marks of their script', 'Tiếng Việt שִׁמּ֫וּ ภาษาไทย བརྒྱུད'],
  ])('keeps %s', (_, text) => {
    expect(neutralise(text)).toBe(text);
  });

  test('hides nothing in selectors, joiners and marks', () => {
    expect(neutralise('a\ufe0fb\u{e0100}c\u200dd')).toBe('a\\ufe0fb\\u{e0100}c\\u200dd');
    expect(neutralise(`z${'\u0301'.repeat(3000)}x`)).toBe(`z${'\u0301'.repeat(6)}…x`);
  });

  test('comes in pieces as it would whole', () => {
    fc.assert(
      fc.property(anyText, fc.nat(60), fc.nat(60), (text, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const reader = new CarefulReader({ lines: true });
        const pieces = [text.slice(0, from), text.slice(from, to), text.slice(to)];
        const passed = pieces.map((piece) => reader.pass(piece)).join('') + reader.end();
        expect(passed).toBe(neutraliseLines(text));
        expect(passed).not.toMatch(ACTS);
      }),
      { numRuns: 2000 },
    );
  });

  test('of a megabyte is cut at once', () => {
    const name = `model-${'日本'.repeat(500_000)}-v1`;
    const startedAt = performance.now();
    expect(truncate(name, 20)).toMatch(/^model-.*…$/);
    expect(truncateMiddle(name, 20)).toMatch(/^model-.*….*-v1$/);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

describe('the last funnel', () => {
  test('lets our own colours by, and only where there is colour', () => {
    const text = '\x1b[1mbold\x1b[22m \x1b[2J\x1b[8m\x1b[38;5;1m';
    const screen = (colour: boolean) => new Screen({ colour, runner: false }).pass(text);
    expect(screen(true)).toBe('\x1b[1mbold\x1b[22m \\x1b[2J\\x1b[8m\\x1b[38;5;1m');
    expect(screen(false)).not.toMatch(ACTS);
  });

  test('passes no command to a runner, wherever pieces begin', () => {
    const parts = fc.constantFrom(
      ':',
      '::',
      '#',
      '##',
      '##[',
      '[',
      'vso',
      ' ',
      '\n',
      '\r',
      'add-mask::x',
      'é',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (pieces) => {
        const screen = new Screen({ colour: false, runner: true });
        const seen = pieces.map((piece) => screen.pass(piece)).join('') + screen.end();
        expect(seen).not.toMatch(COMMANDS);
      }),
      { numRuns: 5000 },
    );
    expect(commandless('a::b ##vso[x]')).toBe('a::b ##vso [x]');
  });

  test('JSON keeps its value, and acts on nothing', () => {
    const value = { ...HOSTILE, [ALL_HOSTILE]: [ALL_HOSTILE] };
    expect(JSON.parse(jsonText(value, 2))).toEqual(value);
    expect(jsonText(value, 2)).not.toMatch(ACTS);
    expect(jsonText(value, 2)).not.toMatch(COMMANDS);
  });
});

/** Answers every request with all of it: names of models, answers and errors. */
let market: Server;
let cwd: string;
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

beforeAll(async () => {
  market = createServer((request, response) => {
    if (request.url?.endsWith('/models')) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: Object.values(HOSTILE).map((id) => ({ id })) }));
      return;
    }
    let body = '';
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      if (body.includes('refused')) {
        response.writeHead(500, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: { message: ALL_HOSTILE } }));
        return;
      }
      response.setHeader('content-type', 'text/event-stream');
      // Cut where it hurts: every character a piece of its own.
      for (const content of ALL_HOSTILE.split('')) {
        response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
      }
      response.end(
        `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`,
      );
    });
  });
  await new Promise<void>((resolve) => market.listen(0, '127.0.0.1', resolve));
  const { port } = market.address() as AddressInfo;
  cwd = await aFolder({
    'bench.config.yaml': [
      `targets: { market: { base_url: "http://127.0.0.1:${port}/v1", api_key: "\${KEY}", models: subscribed } }`,
      `thresholds: ["ttft_ms:p(95)<800"]`,
    ].join('\n'),
    'suites/evil.yaml': `description: ${JSON.stringify(ALL_HOSTILE.replace(/[\ud800-\udfff\ufffe\uffff]/g, ''))}\ncases: [{ id: a, prompt: refused }]\n`,
  });
  const all = ALL_HOSTILE;
  const changes = {
    target: all,
    model: all,
    suite: all,
    case_id: all,
    answer_text: all,
    reasoning_text: all,
  };
  for (const night of [0, 1]) {
    const row = aPlannedRow({ target: all, model: all, label: all, suite: all, planned: 4 });
    const run = await writeRun(
      path.join(cwd, 'results'),
      night,
      { requests: 4, failed: 1, seed: 'any', changes: { ...changes, error_message: all } },
      {
        manifest: {
          planned: [row],
          seed: all,
          interrupted: all,
          validity: { verdict: 'warned', reasons: [all] },
          git: { revision: all, dirty: true } as never,
        },
      },
    );
    const grades = [1, 2, 3].map((n) =>
      aGrade({
        ...changes,
        request_id: `r${n}`,
        grade: 'wrong',
        answer: all,
        expected: all,
        reason: all,
      }),
    );
    const lines = grades.map((grade) => `${JSON.stringify(grade)}\n`).join('');
    await writeFile(path.join(cwd, 'results', run, 'grades.ndjson'), lines);
  }
});
afterAll(() => market.close());

const RUN = '20260101T020000Z-reasoning';
const READING: string[][] = [
  ['list'],
  ['show', RUN, '--full', '--reasoning'],
  ['show', RUN, '--json'],
  ['show', RUN, '--md', '--full'],
  ['export', RUN, '--to', 'table'],
  ['export', RUN, '--to', 'requests-csv'],
  ['export', RUN, '--to', 'csv'],
  ['export', RUN, '--to', 'md'],
  ['export', RUN, '--to', 'json'],
  ['export', RUN, '--to', 'junit'],
  ['compare', RUN, '20260102T020000Z-reasoning'],
  ['frontier', RUN],
  ['check', RUN],
  ['check', RUN, '--report', 'text=-'],
  ['check', RUN, '--report', 'junit=-'],
  ['models', '--no-probe'],
  ['models', '--no-probe', '--json'],
];

function harmless(text: string, what: string): void {
  expect(text.replaceAll('\r\n', '\n').replace(OWN_COLOURS, ''), what).not.toMatch(ACTS);
  expect(text, what).not.toMatch(/this should not have happened/);
  expect(text, what).not.toContain('\x1b[31mred');
}

/** Two at a time: machines have that many cores. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const rest = [...all];
  const take = async (): Promise<void> => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) await work(one);
  };
  await Promise.all([take(), take()]);
}

test('in the log of a CI job no command prints a command, and nothing acts', {
  timeout: 120_000,
}, async () => {
  const env = { GITHUB_ACTIONS: 'true', KEY: 'sk-any', COLUMNS: '200' };
  const commands = [
    ...READING,
    ['stream', 'a\0b', 'Hi'],
    ['stream', 'a\0b', 'refused'],
    ['run', '-s', 'evil', '--dry-run'],
  ];
  await each(commands, async (args) => {
    const { stdout, stderr } = await runCli(
      args.map((one) => one.replaceAll('\0', '')),
      { cwd, env },
    );
    expect(stdout + stderr, args.join(' ')).not.toBe('');
    harmless(stdout + stderr, args.join(' '));
    const ours = /^::(?:error|warning) title=tokentape%3A [^\n]*$/gm;
    expect(`${stdout}\n${stderr}`.replace(ours, ''), args.join(' ')).not.toMatch(COMMANDS);
  });
});

test.skipIf(process.platform === 'win32')(
  'on a terminal nothing acts but our own colours',
  { timeout: 120_000 },
  () => {
    // None that asks the market: it would answer from this process, which waits.
    const commands = [
      ['list'],
      ['show', RUN, '--full'],
      ['export', RUN, '--to', 'table'],
      ['export', RUN, '--to', 'requests-csv'],
      ['check', RUN],
    ];
    const seen = JSON.parse(
      execFileSync('python3', [fileURLToPath(new URL('in-terminal.py', import.meta.url))], {
        cwd,
        env: {
          PATH: process.env.PATH,
          TERM: 'xterm-256color',
          KEY: 'sk-any',
          TOKENTAPE_CALIBRATE: 'off',
        },
        input: JSON.stringify(commands.map((args) => [process.execPath, CLI, ...args])),
        maxBuffer: 1 << 28,
        timeout: 100_000,
        encoding: 'utf8',
      }),
    ) as string[];
    seen.forEach((text, n) => {
      harmless(text, commands[n]?.join(' ') ?? '');
    });
    expect(seen.join('')).toMatch(OWN_COLOURS);
  },
);
