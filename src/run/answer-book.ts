import type { JsonValue } from '../json.ts';
import { type AnswerBook, promptKey } from '../simulator/server.ts';
import type { Expectation, Suite, Turn } from '../suite/types.ts';

/** What the embedded simulator has to know so that some of its answers are right and some wrong. */
export function answerBookOf(suites: readonly Suite[]): AnswerBook {
  const book: AnswerBook = {};
  for (const turn of suites.flatMap(({ cases }) => cases.flatMap(({ turns }) => turns))) {
    const answers = answersOf(turn);
    if (answers !== null) book[promptKey(turn.text)] = answers;
  }
  return book;
}

function answersOf(turn: Turn): { right: string; wrong: string } | null {
  for (const expectation of turn.expect) {
    const right = rightAnswer(expectation);
    if (right !== null) return { right, wrong: wrongAnswer(expectation, right) };
  }
  return null;
}

function rightAnswer({ type, value, ...options }: Expectation): string | null {
  const text = textOf(value);
  switch (type) {
    case 'label': {
      const categories = Array.isArray(options.categories) ? options.categories.join(',') : '';
      return text === 'unsafe' && categories !== '' ? `unsafe\n${categories}` : text;
    }
    case 'contains-all':
      return Array.isArray(value) ? value.map(String).join(', ') : text;
    case 'contains-any':
      return Array.isArray(value) ? textOf(value[0]) : text;
    case 'equals':
    case 'contains':
    case 'icontains':
    case 'starts-with':
    case 'match':
    case 'choice':
      return text;
    default:
      return null;
  }
}

function wrongAnswer({ type }: Expectation, right: string): string {
  if (type === 'label') return right.startsWith('unsafe') ? 'safe' : 'unsafe\nS1';
  if (type === 'choice') return right === 'A' ? 'B' : 'A';
  const number = Number(right);
  return right.trim() !== '' && Number.isFinite(number) ? String(number + 1) : 'I am not sure';
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
