import type { CaseEntry, TurnEntry } from './schema.ts';
import type { Expectation, Turn } from './types.ts';

/** The turns of a case as written; what the case expects, its last turn does. */
export function turnsOf(entry: CaseEntry): Turn[] {
  const turns = (entry.turns ?? [entry.prompt ?? '']).map(turnOf);
  const last = turns.at(-1);
  if (last !== undefined) {
    last.expect.push(...expectationsOf(entry));
    last.reference ??= entry.reference ?? null;
    last.wrong ??= entry.wrong ?? null;
  }
  return turns;
}

/** Single texts of which only the last answer is graded, and has a reference. */
export function turnsGradedAtEnd(
  texts: readonly string[],
  expect: Expectation[],
  reference: string | null = null,
): Turn[] {
  return texts.map((text, index) =>
    index === texts.length - 1
      ? { text, expect, reference, wrong: null }
      : { text, expect: [], reference: null, wrong: null },
  );
}

function turnOf(entry: TurnEntry): Turn {
  if (typeof entry === 'string') return { text: entry, expect: [], reference: null, wrong: null };
  return {
    text: entry.user,
    expect: expectationsOf(entry),
    reference: entry.reference ?? null,
    wrong: entry.wrong ?? null,
  };
}

function expectationsOf({ expect }: Pick<CaseEntry, 'expect'>): Expectation[] {
  return [expect ?? []].flat() as Expectation[];
}
