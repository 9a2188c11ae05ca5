import { createRandom, type Random } from '../random.ts';
import type { ChatRequest } from './chat-request.ts';
import type { AnswerBook } from './options.ts';
import { PHRASES, type Phrases } from './phrases.ts';
import type { ModelProfile } from './profiles.ts';
import { languageOf, lastUserMessage, promptIdentity, promptKey } from './prompt.ts';
import { labelPrompt } from './safety-labels.ts';
import { tokenize } from './tokens.ts';
import { answerUnknown } from './unknown-prompts.ts';

/** What a model says, before it is cut into tokens and dressed in the model's habits. */
export interface Answer {
  /** Thinking; `null` for models that do not. */
  reasoning: string | null;
  content: string;
  toolCall: { name: string; arguments: string } | null;
}

/** How the prompt wants the answer marked, in the words it uses itself. */
const MARKER = /(?:answer|答え|回答|đáp án|trả lời)\s*[:：] ?/i;
/** The prompt wants the answer and nothing around it: told so, not just the word «only». */
const BARE =
  /\b(?:answer|reply|respond|output|write|give|return|print|say|name)\b[^.?!\n]*\b(?:only|alone|nothing else|just|one word|single word)\b|\b\w+ only\W*$|だけ(?:で|書|答|。|$)|のみ|(?:trả lời|ghi)[^.\n]*(?:một từ|một chữ cái|duy nhất)|chỉ (?:trả lời|ghi|viết)/i;
const CODE = /^(?:async def|def|class|import|from|function|const|let|export|SELECT)\b/m;
const GUARD_LABEL = /^(safe|unsafe)\b/;

/** Stock sentences in a drawn order, again and again, until there are enough tokens. */
function sentences(
  stock: readonly string[],
  gap: string,
  [low, high]: readonly [number, number],
  random: Random,
): string {
  const wanted = random.integer(low, high);
  const chosen: string[] = [];
  for (let tokens = 0, order = random.shuffle(stock); tokens < wanted; ) {
    if (order.length === 0) order = random.shuffle(stock);
    const sentence = order.shift() as string;
    chosen.push(sentence);
    tokens += tokenize(sentence).length;
  }
  return chosen.join(gap);
}

/** A known answer in the form that its kind and the prompt call for. */
function present(known: string, prompt: string, phrases: Phrases, working: string): string {
  const isCode = CODE.test(known);
  const isStructured = known.includes('```') || known.includes('\n') || /^[[{]/.test(known);
  if ((BARE.test(prompt) && !isCode) || GUARD_LABEL.test(known)) return known;
  if (isCode) return `${working}\n\n\`\`\`python\n${known.trimEnd()}\n\`\`\``;
  if (isStructured || known.length > 80) return known;
  const marker = MARKER.exec(prompt)?.[0] ?? phrases.answerMarker;
  return `${working}\n\n${/\s$/.test(marker) ? marker : `${marker} `}${known}`;
}

function argumentsFor(parameters: readonly string[], prompt: string, random: Random): string {
  const words = prompt.match(/[\p{L}\p{N}]+/gu) ?? ['none'];
  return JSON.stringify(Object.fromEntries(parameters.map((name) => [name, random.pick(words)])));
}

/**
 * Composes what a model says to a prompt. The same seed, model and conversation (nonce aside) give
 * the same answer, right with the model's skill as its probability.
 */
export function composeAnswer(
  model: ModelProfile,
  request: ChatRequest,
  seed: string,
  book: AnswerBook = {},
): Answer {
  const random = createRandom(`${seed}/${model.name}/${promptIdentity(request.messages)}`);
  const isRight = random.fork('skill').next() < model.skill;
  const prompt = lastUserMessage(request.messages);
  const entry = book[promptKey(prompt)];
  const known = entry && (isRight ? entry.right : entry.wrong);
  const { habits } = model;

  if (habits.speciality === 'guard') {
    const label = known !== undefined && GUARD_LABEL.test(known) ? known : undefined;
    return { reasoning: null, content: label ?? labelPrompt(prompt, isRight), toolCall: null };
  }
  const phrases = PHRASES[languageOf(prompt)];
  const reasoning =
    habits.thinks === 'no'
      ? null
      : sentences(phrases.thinking, phrases.gap, habits.thinkingTokens, random.fork('thinking'));
  const tool = request.tools[0];
  if (tool && (habits.speciality === 'plan' || request.toolsRequired)) {
    const call = argumentsFor(tool.parameters, prompt, random.fork('tool'));
    return { reasoning, content: '', toolCall: { name: tool.name, arguments: call } };
  }
  const wording = random.fork('working');
  const working = sentences(phrases.working, phrases.gap, habits.answerTokens, wording);
  const said =
    known === undefined
      ? answerUnknown(habits.speciality, prompt, isRight, wording)
      : { answer: known };
  const content =
    said === 'prose'
      ? sentences(phrases.prose, phrases.gap, habits.answerTokens, wording)
      : present(said.answer, prompt, phrases, working);
  return { reasoning, content, toolCall: null };
}
