import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { search } from '../../../src/score/sandbox/python-interpreter.ts';
import { problems } from './graded.ts';

const GRADE = `
import { codeGrader } from ${JSON.stringify(new URL('../../../dist/score/sandbox/index.js', import.meta.url).href)};
const [language, code] = process.argv.slice(1);
const value = { language, function: 'f', tests: [{ args: [1], equals: 2 }] };
await codeGrader({ codeTimeoutMs: 5000, codeMemoryMb: 128 }).grade(
  { text: '\`\`\`' + language + '\\n' + code + '\\n\`\`\`', finishReason: 'stop' },
  { type: 'code', value }, new AbortController().signal);`;

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    return [];
  }
}

/** Waits for something to become true, `ms` at most. */
async function within(ms: number, holds: () => boolean): Promise<boolean> {
  for (const endMs = Date.now() + ms; Date.now() < endMs; await sleep(50)) if (holds()) return true;
  return holds();
}

describe.skipIf(process.platform !== 'linux')('code whose tokentape was killed', () => {
  it.concurrent.each([
    ['python', 'def f(x):\n    while True: pass'],
    ['javascript', 'function f(x) { for (;;); }'],
  ] as const)('ends too (%s)', { timeout: 60_000 }, async (language, code) => {
    if (problems[language] !== null) return;
    const grading = spawn(process.execPath, ['--input-type=module', '-e', GRADE, language, code]);
    const pid = grading.pid ?? 0;
    // Probes come and go; the answer is what stays.
    let child = 0;
    let seenMs = 0;
    const stays = await within(30_000, () => {
      const [now = 0] = childrenOf(pid);
      if (now !== child) [child, seenMs] = [now, Date.now()];
      return child !== 0 && Date.now() - seenMs > 1500;
    });
    grading.kill('SIGKILL');
    expect(stays).toBe(true);
    expect(await within(15_000, () => !existsSync(`/proc/${child}`))).toBe(true);
  });
});

describe('the interpreter of Python', () => {
  it('is not found where there is none', async () => {
    expect(await search('/nonexistent')).toEqual({ problem: 'no python3 on the PATH' });
  });
});
