import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { search } from '../../../src/score/sandbox/python-interpreter.ts';
import { childrenOf, problems } from './graded.ts';

const GRADE = `
import { codeGrader } from ${JSON.stringify(new URL('../../../dist/score/sandbox/index.js', import.meta.url).href)};
const [language, code] = process.argv.slice(1);
const value = { language, function: 'f', tests: [{ args: [1], equals: 2 }] };
await codeGrader({ codeTimeoutMs: 3000, codeMemoryMb: 128 }).grade(
  { text: '\`\`\`' + language + '\\n' + code + '\\n\`\`\`', finishReason: 'stop' },
  { type: 'code', value }, new AbortController().signal);`;

/** Waits for something to become true, `ms` at most. */
async function within(ms: number, holds: () => boolean): Promise<boolean> {
  for (const endMs = Date.now() + ms; Date.now() < endMs; await sleep(50)) if (holds()) return true;
  return holds();
}

describe.skipIf(process.platform !== 'linux')('code whose tokentape was killed', () => {
  it.concurrent.each([
    ['computes', 'python', 'def f(x):\n    while True: pass'],
    ['sleeps', 'python', 'import time\ndef f(x): time.sleep(1000)'],
    ['computes', 'javascript', 'function f(x) { for (;;); }'],
    ['waits', 'javascript', 'const f = (x) => new Promise((done) => setTimeout(done, 1e6));'],
  ] as const)('ends too where it %s (%s)', { timeout: 60_000 }, async (_does, language, code) => {
    if (problems[language] !== null) return;
    const grading = spawn(process.execPath, ['--input-type=module', '-e', GRADE, language, code]);
    const pid = grading.pid ?? 0;
    // Probes come and go; the answer is what stays.
    let child = 0;
    let seenMs = 0;
    const stays = await within(30_000, () => {
      const [now = 0] = childrenOf(pid);
      if (now !== child) [child, seenMs] = [now, Date.now()];
      return child !== 0 && Date.now() - seenMs > 1000;
    });
    grading.kill('SIGKILL');
    expect(stays).toBe(true);
    expect(await within(25_000, () => !existsSync(`/proc/${child}`))).toBe(true);
  });
});

describe('the interpreter of Python', () => {
  it('is not found where there is none', async () => {
    expect(await search('/nonexistent')).toEqual({ problem: 'no python3 on the PATH' });
  });
});
