import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ChildEnded, CLOCK_FACTOR, SandboxedChild } from '../../../src/score/sandbox/child.ts';
import { stopOf } from '../../../src/score/sandbox/run.ts';
import { childrenOf, gradeCode, problems } from './graded.ts';

const LIMITS = { timeoutMs: 300, memoryBytes: 2 ** 27 };

async function shell(script: string, act: (child: SandboxedChild) => Promise<void>) {
  const command = { path: '/bin/sh', args: ['-c', script], env: {} };
  const child = new SandboxedChild(command, new AbortController().signal);
  try {
    await act(child);
  } finally {
    await child.close();
  }
}

/** What ends the child once it is told to go. */
async function endingOf(script: string) {
  let ending: unknown;
  await shell(`read -r go\n${script}`, async (child) => {
    child.limitTime(LIMITS.timeoutMs);
    ending = await child.ask({}).catch((error) => (error as ChildEnded).ending);
  });
  return ending;
}

describe.skipIf(process.platform !== 'linux')('a limit of time', () => {
  it('is of processor time for what computes', async () => {
    expect(await endingOf('while :; do :; done')).toMatchObject({
      ...{ kind: 'time', while: 'computing' },
    });
  });

  it('is by the clock, and longer, for what sleeps', async () => {
    const ending = await endingOf('exec sleep 1000');
    expect(ending).toMatchObject({ kind: 'time', while: 'asleep' });
    const { clockMs } = ending as { clockMs: number };
    expect(clockMs).toBeGreaterThanOrEqual(LIMITS.timeoutMs * CLOCK_FACTOR - 1);
  });

  it('ends what computes and sleeps by turns', async () => {
    expect(await endingOf('while :; do sleep 0.01; done')).toMatchObject({ kind: 'time' });
  });

  it.skipIf(problems.python !== null)('does not run while an answer is kept waiting', async () => {
    const code = `import time
def f(x):
    time.sleep(0.3)
    end = time.process_time() + 0.05
    while time.process_time() < end: pass
    return 2`;
    const grade = gradeCode('python', code, LIMITS);
    let pid: number | undefined;
    while (pid === undefined) {
      await sleep(5);
      [pid] = childrenOf(process.pid);
    }
    await sleep(250); // it has begun
    process.kill(pid, 'SIGSTOP');
    await sleep(LIMITS.timeoutMs * 1.5);
    process.kill(pid, 'SIGCONT');
    expect(await grade).toMatchObject({ mark: 'right', reason: null });
  });

  it('tells who is to blame for its end', () => {
    const stop = (doing: 'computing' | 'asleep' | 'starved' | 'unknown') =>
      stopOf(new ChildEnded({ kind: 'time', clockMs: 1200, while: doing }), LIMITS);
    expect(stop('computing')).toEqual({ by: 'code', reason: 'stopped: ran longer than 0.3 s' });
    expect(stop('unknown')).toEqual(stop('computing'));
    expect(stop('asleep')).toEqual({
      ...{ by: 'code', reason: 'stopped: waited; it was not done after 1.2 s' },
    });
    expect(stop('starved')).toEqual({
      ...{ by: 'us', reason: 'too busy a machine to give it its 0.3 s within 1.2 s' },
    });
  });
});
