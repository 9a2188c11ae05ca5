import { readFileSync } from 'node:fs';
import type { JsonObject } from '../../../src/json.ts';
import { codeGrader, sandboxProblem } from '../../../src/score/sandbox/index.ts';
import type { Answered, Judgement } from '../../../src/score/types.ts';
import type { CodeTest } from '../../../src/suite/code-value.ts';

export type Language = 'python' | 'javascript';

export const SETTINGS = { codeTimeoutMs: 4000, codeMemoryMb: 128 };

/** Why real processes are not to be had here, for the names of skipped tests. */
export const problems = {
  python: await sandboxProblem('python'),
  javascript: await sandboxProblem('javascript'),
};

export function answered(text: string, more: Partial<Answered> = {}): Answered {
  return {
    ...{ text, reasoning: '', toolCalls: [], finishReason: 'stop', messages: [], reference: null },
    ...{ ttftMs: null, e2eMs: null, costUsd: null },
    ...more,
  };
}

/** Of a process on Linux; none of one that is gone. */
export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

export interface Wanted {
  tests?: CodeTest[];
  timeoutMs?: number;
  signal?: AbortSignal;
  name?: string;
}

/** The grade of that code, which defines `f`; by default one test, `f(1) == 2`. */
export function gradeCode(
  language: Language,
  code: string,
  { tests = [{ args: [1], equals: 2 }], timeoutMs, signal, name = 'f' }: Wanted = {},
): Promise<Judgement> {
  const value = { language, function: name, tests: tests as unknown as JsonObject[] };
  return codeGrader(SETTINGS).grade(
    answered(`\`\`\`${language}\n${code}\n\`\`\``),
    { type: 'code', value, ...(timeoutMs !== undefined && { timeout_ms: timeoutMs }) },
    signal ?? new AbortController().signal,
  );
}
