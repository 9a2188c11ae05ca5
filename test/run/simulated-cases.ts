import { answerBookOf } from '../../src/run/answer-book.ts';
import { gradeSaid } from '../../src/run/references.ts';
import { deferredOf } from '../../src/score/grade.ts';
import type { Graded } from '../../src/score/types.ts';
import { composeAnswer } from '../../src/simulator/answers.ts';
import { type ChatRequest, parseChatRequest } from '../../src/simulator/chat-request.ts';
import type { AnswerBook } from '../../src/simulator/options.ts';
import type { ModelProfile } from '../../src/simulator/profiles.ts';
import { BUILT_IN_SUITES_DIR, loadSuite } from '../../src/suite/load.ts';
import type { Case, ChatMessage, Suite, Turn } from '../../src/suite/types.ts';

export function shippedSuite(name: string, seed: string, requests?: number): Suite {
  const { suite, problems } = loadSuite(name, [BUILT_IN_SUITES_DIR], seed, { requests });
  if (suite === undefined) throw new Error(JSON.stringify(problems));
  return suite;
}

/** Whether a process or a judge is needed for it. */
export const isDeferred = ({ expect }: Turn) => deferredOf(expect).length > 0;

export interface SaidTurn {
  turn: Turn;
  content: string;
  graded: Graded;
}

/** Asks a simulated model one case, turn by turn, and grades what it says; no socket is opened. */
export async function ask(
  model: ModelProfile,
  one: Case,
  book: AnswerBook,
  seed: string,
): Promise<SaidTurn[]> {
  const messages: ChatMessage[] =
    one.system === null ? [] : [{ role: 'system', content: one.system }];
  const said: SaidTurn[] = [];
  for (const turn of one.turns) {
    messages.push({ role: 'user', content: turn.text });
    const body = JSON.stringify({ ...one.parameters, model: model.name, messages });
    const request = parseChatRequest(body) as ChatRequest;
    const { content, toolCall } = composeAnswer(model, request, seed, book);
    messages.push({ role: 'assistant', content });
    if (turn.expect.length === 0) continue;
    said.push({ turn, content, graded: await gradeSaid(toolCall ?? content, turn) });
  }
  return said;
}

/** The case's mark, as a row counts it. */
export function markOf(said: readonly SaidTurn[]): 'right' | 'wrong' | 'ungraded' {
  const marks = said.map(({ graded }) => graded.mark);
  if (marks.includes('wrong')) return 'wrong';
  return marks.includes('ungraded') ? 'ungraded' : 'right';
}

export const bookOf = (...suites: Suite[]) => answerBookOf(suites);
