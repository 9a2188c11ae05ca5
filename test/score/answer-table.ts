import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { gradeAnswer } from '../../src/score/grade.ts';
import type { Graded, Mark } from '../../src/score/types.ts';
import type { Expectation } from '../../src/suite/types.ts';
import { replied } from './replies.ts';

const MARKS = ['right', 'wrong', 'ungraded'] as const;
const LIMITS = { regexMs: 1_000 };

/** In the order in which they were written. */
export const TABLES = [
  'english',
  'japanese',
  'vietnamese',
  'held-out',
  'adversarial',
  'second-held-out',
  'third-held-out',
  'second-adversarial',
];

type Entry = string | { text: string; finish?: string };
interface Group extends Partial<Record<Mark, Entry[]>> {
  expect: Expectation;
  question?: string;
}

/** One answer of a table, with the mark that it deserves and the one that it gets. */
export interface Row {
  expect: Expectation;
  text: string;
  wanted: Mark;
  graded: Graded;
}

/** Grades every answer of a table in `test/score/answers/`. */
export function gradeTable(name: string): Row[] {
  const path = new URL(`./answers/${name}.yaml`, import.meta.url);
  return gradeGroups(parse(readFileSync(path, 'utf8')) as Group[]);
}

/** Grades groups of answers, as the tables and `docs/graders.md` write them. */
export function gradeGroups(groups: readonly Group[]): Row[] {
  return groups.flatMap((group) =>
    MARKS.flatMap((wanted) => (group[wanted] ?? []).map((entry) => gradeRow(group, wanted, entry))),
  );
}

function gradeRow({ expect, question }: Group, wanted: Mark, entry: Entry): Row {
  const { text, finish = 'stop' } = typeof entry === 'string' ? { text: entry } : entry;
  const messages = question === undefined ? [] : [{ role: 'user' as const, content: question }];
  const graded = gradeAnswer(replied(text, { messages, finishReason: finish }), [expect], LIMITS);
  return { expect, text, wanted, graded };
}

/** A disagreement as a line for a person. */
export function disagreement({ expect, text, wanted, graded }: Row): string {
  const given = `${graded.mark}${graded.reason === null ? '' : ` (${graded.reason})`}`;
  const value = JSON.stringify(expect.value ?? null);
  return `${expect.type} ${value}: ${JSON.stringify(text)} is ${wanted}, graded ${given}, read as ${JSON.stringify(graded.answer)}`;
}
