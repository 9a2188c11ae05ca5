import { callTests } from './call-tests.ts';
import { ChildEnded } from './child.ts';
import { startPython } from './python.ts';
import { SandboxUnavailable } from './unavailable.ts';
import type { Language } from './wire.ts';

const LIMITS = { timeoutMs: 10_000, memoryBytes: 128 * 2 ** 20 };
const START_MS = 5_000;

/** What must end a Python child at once, tried in one each. */
const ATTEMPTS = ['socket', 'open', 'fork', 'exec', 'kill'];

const found = new Map<Language, Promise<string | null>>();

/**
 * Why code of that language cannot be run safely here; `null` where it can. Found out once per
 * process, by trying: a forbidden call has to end the child that makes it, a sum has to be computed,
 * memory beyond the limit has to be refused.
 */
export function sandboxProblem(language: Language): Promise<string | null> {
  const known = found.get(language) ?? probe(language);
  found.set(language, known);
  return known;
}

async function probe(language: Language): Promise<string | null> {
  try {
    if (language === 'python') {
      const survived = await Promise.all(ATTEMPTS.map(survives));
      const first = survived.find((one) => one !== null);
      if (first !== undefined) return first;
    }
    return await computes(language);
  } catch (error) {
    if (error instanceof SandboxUnavailable) return error.message;
    throw error;
  }
}

const PROGRAMS = {
  python: `def probe(n):
    try:
        return len(bytearray(n))
    except MemoryError:
        return -1`,
  javascript: `function probe(n) {
  try { return new Uint8Array(n).length; } catch { return -1; }
}`,
};

async function computes(language: Language): Promise<string | null> {
  const result = await callTests(
    {
      ...{ language, function: 'probe' },
      tests: [
        { args: [2 ** 20], equals: 2 ** 20 },
        { args: [2 * LIMITS.memoryBytes], equals: -1 },
      ],
    },
    PROGRAMS[language],
    LIMITS,
    new AbortController().signal,
  );
  if ('ungraded' in result) return result.ungraded;
  return result.reason === null ? null : `the sandbox does not hold: ${result.reason}`;
}

async function survives(attempt: string): Promise<string | null> {
  const child = await startPython(LIMITS, new AbortController().signal, { attempt });
  child.limitTime(START_MS);
  let ready = false;
  try {
    await child.hear();
    ready = true;
    await child.hear();
    return `the kernel lets a forbidden call pass (${attempt})`;
  } catch (error) {
    if (!(error instanceof ChildEnded)) throw error;
    const { ending } = error;
    if (ready && ending.kind === 'exit' && ending.signal === 'SIGSYS') return null;
    if (ending.kind === 'unstartable') return ending.message;
    return ready
      ? `a forbidden call (${attempt}) did not end the process as it should`
      : 'the kernel does not take a filter of system calls (seccomp), or Python lacks ctypes';
  } finally {
    await child.close();
  }
}
