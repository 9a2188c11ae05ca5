import { createHash } from 'node:crypto';
import { createRandom } from '../random.ts';
import type { AnswerBook, Said } from './options.ts';
import type { ModelProfile } from './profiles.ts';
import { promptKey } from './prompt.ts';

/** The parts of the question that tokentape puts to a judge, between lines with a code. */
interface Judged {
  rubric: string;
  question: string;
  reference: string | null;
  answer: string;
  /** The best and the worst, in the order they stand in. */
  options: { letter: string; meets: boolean }[];
}

/**
 * What a model says when it is asked to judge an answer; `null` where the prompt asks nothing of the kind.
 * It is right about the answer with its skill as its probability, and says the same however its options
 * are ordered, unless it is one that always takes the first.
 */
export function judgeAnswer(
  model: ModelProfile,
  prompt: string,
  options: { seed: string; answerBook: AnswerBook | undefined; takesFirstOption: boolean },
): string | null {
  const judged = parseQuestion(prompt);
  // A classifier takes the question for one more text to label.
  if (judged === null || model.habits.speciality === 'guard') return null;
  const { seed, answerBook = {}, takesFirstOption } = options;
  const [first] = judged.options;
  if (takesFirstOption) return verdict('The first option fits.', first?.letter ?? 'A');
  const random = createRandom(`${seed}/${model.name}/judge/${identityOf(judged)}`);
  const isRight = random.next() < model.skill;
  const truth = meetsRubric(judged, answerBook, seed);
  const says = truth === isRight;
  const chosen = judged.options.find(({ meets }) => meets === says) ?? first;
  const reasoning = says
    ? 'The answer says what the rubric asks for.'
    : 'What the rubric asks for is not in the answer.';
  return verdict(reasoning, chosen?.letter ?? 'A');
}

function verdict(reasoning: string, letter: string): string {
  return `${reasoning}\n\nVERDICT: ${letter}`;
}

function parseQuestion(prompt: string): Judged | null {
  const code = /^\[rubric ([0-9a-f]{16})\]$/m.exec(prompt)?.[1];
  if (code === undefined) return null;
  const part = (name: string) =>
    new RegExp(`^\\[${name} ${code}\\]\\n([\\s\\S]*?)\\n\\[end of ${name} ${code}\\]$`, 'm').exec(
      prompt,
    )?.[1] ?? null;
  const asked = prompt.slice(prompt.lastIndexOf(code));
  const options = [...asked.matchAll(/^([A-E]): (.*)$/gm)].map(([, letter = '', says = '']) => ({
    letter,
    // Of five steps it knows the outer two.
    meets: /meets the rubric(?: in full)?\.$/.test(says) && !says.includes('not meet'),
  }));
  const [rubric, answer] = [part('rubric'), part('answer')];
  if (rubric === null || answer === null || options.length < 2) return null;
  const outer = [options[0], options.at(-1)].flatMap((option) => option ?? []);
  const question = part('question') ?? '';
  return { rubric, question, reference: part('reference'), answer, options: outer };
}

function identityOf({ rubric, question, answer }: Judged): string {
  return createHash('sha256').update([rubric, question, answer].join('\0')).digest('hex');
}

/** Known of prompts in the answer book and of answers with a reference; of others, the seed decides. */
function meetsRubric(judged: Judged, book: AnswerBook, seed: string): boolean {
  const { question, reference, answer } = judged;
  const known = book[promptKey(...userMessagesIn(question))];
  if (known !== undefined) {
    return lastIn(answer, textOf(known.right)) > lastIn(answer, textOf(known.wrong));
  }
  if (reference !== null) return lastIn(answer, reference) >= 0;
  return createRandom(`${seed}/truth/${identityOf(judged)}`).next() < 0.5;
}

/** A conversation is shown with roles in front, a single message without. */
function userMessagesIn(question: string): string[] {
  const messages = question.split(/^(?=(?:system|user|assistant): )/m);
  const said = messages.filter((message) => message.startsWith('user: '));
  if (said.length === 0) return [question];
  return said.map((message) => message.slice('user: '.length).replace(/\n\n$/, ''));
}

function textOf(said: Said): string {
  return typeof said === 'string' ? said : said.arguments;
}

/** Where a text stands in another for the last time, as words of its own; -1 where it does not. */
function lastIn(answer: string, wanted: string): number {
  const plain = answer.toLowerCase();
  const word = wanted.trim().toLowerCase();
  const isWordly = (character: string | undefined) => /[\p{L}\p{N}]/u.test(character ?? '');
  for (let at = plain.lastIndexOf(word); at >= 0; at = plain.lastIndexOf(word, at - 1)) {
    const alone = !isWordly(plain[at - 1]) && !isWordly(plain[at + word.length]);
    if (alone || !/^[\p{Script=Latin}\p{N}]/u.test(word)) return at;
    if (at === 0) return -1;
  }
  return -1;
}
