import { createRandom, type Random } from '../random.ts';
import type { ChatRequest, PromptMessage } from './chat-request.ts';
import type { AnswerBook } from './options.ts';
import { PHRASES } from './phrases.ts';
import { GUARD_LABEL, present } from './present.ts';
import type { ModelProfile } from './profiles.ts';
import {
  languageOf,
  lastUserMessage,
  opening,
  promptIdentity,
  promptKey,
  userMessages,
} from './prompt.ts';
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

function argumentsFor(parameters: readonly string[], prompt: string, random: Random): string {
  const words = prompt.match(/[\p{L}\p{N}]+/gu) ?? ['none'];
  return JSON.stringify(Object.fromEntries(parameters.map((name) => [name, random.pick(words)])));
}

/**
 * Composes what a model says to a prompt. The same seed, model and conversation (nonce aside) give
 * the same answer, right with the model's skill as its probability; of a conversation, all answers
 * are right or none is, so that its share of right cases is the skill too.
 */
export function composeAnswer(
  model: ModelProfile,
  request: ChatRequest,
  seed: string,
  book: AnswerBook = {},
): Answer {
  const random = createRandom(`${seed}/${model.name}/${promptIdentity(request.messages)}`);
  const isRight = meansRight(model, request.messages, seed);
  const prompt = lastUserMessage(request.messages);
  const entry = book[promptKey(...userMessages(request.messages))];
  const known = entry && (isRight ? entry.right : entry.wrong);
  const { habits } = model;

  if (habits.speciality === 'guard') {
    const isLabel = typeof known === 'string' && GUARD_LABEL.test(known);
    const content = isLabel ? known : labelPrompt(prompt, isRight);
    return { reasoning: null, content, toolCall: null };
  }
  const phrases = PHRASES[languageOf(prompt)];
  const reasoning =
    habits.thinks === 'no'
      ? null
      : sentences(phrases.thinking, phrases.gap, habits.thinkingTokens, random.fork('thinking'));
  const tool = request.tools[0];
  if (typeof known === 'object') {
    if (tool) return { reasoning, content: '', toolCall: known };
    return { reasoning, content: JSON.stringify(known), toolCall: null };
  }
  if (known === undefined && tool && (habits.speciality === 'plan' || request.toolsRequired)) {
    const call = argumentsFor(tool.parameters, prompt, random.fork('tool'));
    return { reasoning, content: '', toolCall: { name: tool.name, arguments: call } };
  }
  const wording = random.fork('working');
  const working = sentences(phrases.working, phrases.gap, habits.answerTokens, wording);
  const prose = () => sentences(phrases.prose, phrases.gap, habits.answerTokens, wording);
  if (known === undefined) {
    const made = answerUnknown(habits.speciality, prompt, isRight, wording);
    const content = made === 'prose' ? prose() : present(made, prompt, phrases, working, wording);
    return { reasoning, content, toolCall: null };
  }
  const isEvasive = random.fork('evasive').next() < habits.evasiveShare;
  const said = { answer: known, ...(entry?.form && { form: entry.form }) };
  const content = isEvasive ? prose() : present(said, prompt, phrases, working, wording);
  return { reasoning, content, toolCall: null };
}

/** Whether a model means to answer a conversation right: one draw by how it opens, for all its turns. */
export function meansRight(
  { name, skill }: Pick<ModelProfile, 'name' | 'skill'>,
  messages: readonly PromptMessage[],
  seed: string,
): boolean {
  const start = promptIdentity(opening(messages));
  return createRandom(`${seed}/${name}/${start}`).fork('skill').next() < skill;
}
