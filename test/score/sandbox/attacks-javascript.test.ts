import { describe, expect, it } from 'vitest';
import { childrenOf, gradeCode, problems } from './graded.ts';

const body = (lines: string) => `function f(x) {\n${lines}\nreturn 2;\n}`;

/** Of what may end by its limit of time: a short one will do. */
const ENDLESS = /longer|was not done/;

type Attack = [name: string, code: string, reason: string | RegExp];

const FORBIDDEN: Attack[] = [
  [
    'child_process',
    body('require("child_process").execSync("true")'),
    'stopped: asked for a child process',
  ],
  [
    'node:child_process, caught',
    body('try { require("node:child_process") } catch {}'),
    'stopped: asked for a child process',
  ],
  ['worker_threads', body('require("worker_threads")'), 'stopped: asked for a thread'],
  ['fs', body('require("fs").readFileSync("/etc/passwd")'), 'stopped: asked for a file'],
  [
    'an import',
    `import fs from 'fs';\n${body('fs.readFileSync("/etc/passwd")')}`,
    'stopped: asked for a file',
  ],
  [
    'an import called',
    'async function f() { return (await import("fs")).readFileSync("/etc/passwd", "utf8"); }',
    /raised|asked for/,
  ],
  [
    'an import of a path',
    'async function f() { return (await import("/etc/passwd")).default; }',
    /raised/,
  ],
  ['fetch', body('fetch("http://127.0.0.1:1/")'), 'stopped: asked for the network'],
  ['net', body('require("net").connect(1)'), 'stopped: asked for a socket'],
  ['dns', body('require("dns").lookup("localhost", () => {})'), 'stopped: asked for the network'],
  [
    'a signal to the parent',
    body('process.kill(1, "SIGKILL")'),
    'stopped: asked for to signal a process',
  ],
  ['process.exit', body('process.exit(0)'), 'stopped: asked for the end of its process'],
  ['process.binding', body('process.binding("fs")'), 'stopped: asked for native code'],
];

const GREED: Attack[] = [
  ['8 GB at once', body('const y = new ArrayBuffer(8 * 2 ** 30);'), /RangeError|more than 128 MiB/],
  [
    '8 GB in pieces',
    body('const y = []; for (;;) y.push(new Uint8Array(2 ** 20));'),
    /more than 128 MiB|ran longer/,
  ],
  [
    'texts without end',
    body('let y = "x"; for (;;) y += y + 1;'),
    /InternalError|RangeError|MiB|longer/,
  ],
  [
    '8 GB in small objects',
    body('const y = []; for (;;) y.push({});'),
    /more than 128 MiB|ran longer/,
  ],
  [
    '8 GB that is caught',
    body('for (;;) { try { const y = []; for (;;) y.push(new Uint8Array(2 ** 22)); } catch {} }'),
    'stopped: ran longer than 0.3 s',
  ],
  ['an endless loop', body('for (;;);'), 'stopped: ran longer than 0.3 s'],
  [
    'an endless loop that catches all',
    body('for (;;) { try { for (;;); } catch {} finally { continue; } }'),
    'stopped: ran longer than 0.3 s',
  ],
  [
    'promises without end',
    body('const g = () => Promise.resolve().then(g); return g();'),
    'stopped: ran longer than 0.3 s',
  ],
  [
    'a timer without end',
    'const f = () => new Promise(() => setInterval(() => {}, 20));',
    /^stopped: waited; it was not done after/,
  ],
  [
    'a promise of nothing',
    'const f = () => new Promise(() => {});',
    /a promise that nothing will settle/,
  ],
  [
    'an expression that takes ages',
    body('/^(a|a)*$/.test("a".repeat(60) + "b")'),
    /ran longer than 0.3 s|more than/,
  ],
  ['deep recursion', 'function f(x) { return f(x) + 1; }', /RangeError/],
  ['a huge exponent', body('const y = 9n ** (9n ** 9n);'), /RangeError|longer|MiB/],
  [
    'a result of 1 GB',
    'function f() { return Array(1e6).fill("x".repeat(1000)); }',
    /longer than 1 MiB|more than 128 MiB|ran longer|Error/,
  ],
  [
    'a result within itself',
    'function f() { const y = []; y.push(y); return y; }',
    /raised RangeError/,
  ],
];

const FORGERY: Attack[] = [
  [
    'JSON.stringify',
    'JSON.stringify = () => \'{"value": 2}\';\nfunction f() { return 7; }',
    'f(1) gave 7, not 2',
  ],
  [
    'toJSON',
    'function f() { return { toJSON: () => 2, toString: () => "2", valueOf: () => 2 }; }',
    /^f\(1\) gave \{/,
  ],
  [
    'Array.prototype',
    'Array.prototype.toJSON = () => 3;\nArray.from = () => 2;\nfunction f() { return [7]; }',
    /gave (?:\[7\]|3), not 2/,
  ],
  ['Object.is', 'Object.is = () => true;\nfunction f() { return 7; }', 'f(1) gave 7, not 2'],
  [
    'a getter that lies',
    'function f() { return new Proxy([], { get: () => 2 }); }',
    /^f\(1\) (?:gave|raised)/,
  ],
  [
    'an exception that lies',
    'function f() { throw { get message() { throw 1; }, toString() { throw 2; } }; }',
    /raised/,
  ],
  [
    'what leads outside',
    'function f() { return Object.getOwnPropertyNames(globalThis).filter((n) => /^(intl|std|os|WebAssembly|Deno|Bun|parts)$/.test(n)); }',
    'f(1) gave [], not 2',
  ],
  [
    'the constructor of the outside',
    'function f() { return console.log.constructor("return typeof process.mainModule + typeof process.binding")(); }',
    'f(1) gave "undefinedfunction", not 2',
  ],
  ['the environment', 'function f() { return process.env; }', 'f(1) gave {}, not 2'],
];

describe.skipIf(problems.javascript !== null)(
  `JavaScript in the sandbox${problems.javascript ?? ''}`,
  () => {
    it.concurrent.each([...FORBIDDEN, ...FORGERY])('%s', async (_name, code, reason) => {
      await expectWrong(code, reason);
    });

    it.concurrent.each(GREED)('%s', async (_name, code, reason) => {
      await expectWrong(code, reason, ENDLESS.test(String(reason)) ? 300 : undefined);
    });

    it('prints into the void', async () => {
      const code = body('const y = "x".repeat(1e5); for (let i = 0; i < 1e4; i++) console.log(y);');
      expect(await gradeCode('javascript', code)).toMatchObject({ mark: 'right' });
    });

    it.skipIf(process.platform !== 'linux')('has left no process behind', () => {
      expect(childrenOf(process.pid)).toEqual([]);
    });
  },
);

async function expectWrong(code: string, reason: string | RegExp, timeoutMs?: number) {
  const judgement = await gradeCode('javascript', code, {
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  expect(judgement).toMatchObject({ mark: 'wrong', score: 0 });
  if (typeof reason === 'string') expect(judgement.reason).toBe(reason);
  else expect(judgement.reason).toMatch(reason);
}
