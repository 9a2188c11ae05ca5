import type { JsonObject, JsonValue } from '../../json.ts';
import { turnsGradedAtEnd } from '../turns.ts';
import { FieldReader, type PublicFormat } from './format.ts';

const HUMAN = new Set(['human', 'user']);

/**
 * ShareGPT: {id, conversations: [{from, value}]}. What the human says is sent turn by turn, and the
 * model's own answers take the place of those in the file; nothing is graded. A conversation of one
 * message alone is left out, as in vLLM's benchmark, and so is one that another than the human begins.
 */
export const sharegpt: PublicFormat = {
  fits: ({ conversations }) =>
    Array.isArray(conversations) && conversations.every((message) => isMessage(message)),

  read(record, { maxTurns, minCharacters = 1, maxCharacters = Number.POSITIVE_INFINITY }) {
    const fields = new FieldReader(record);
    const messages = fields.value('conversations');
    if (messages === undefined) return fields.faults;
    if (!Array.isArray(messages) || !messages.every((message) => isMessage(message))) {
      return ['the field conversations is no list of {from, value}'];
    }
    const [system, said] = split(messages as unknown as Message[]);
    const [first] = said;
    if (said.length < 2 || first === undefined || !HUMAN.has(first.from)) return 'left out';
    const texts = said.filter(({ from }) => HUMAN.has(from)).map(({ value }) => value.trim());
    const turns = texts.slice(0, maxTurns);
    const characters = turns.reduce((sum, text) => sum + text.length, 0);
    if (turns.includes('') || characters < minCharacters || characters > maxCharacters) {
      return 'left out';
    }
    // Ids of the public file come more than once.
    return { id: null, system, turns: turnsGradedAtEnd(turns, []) };
  },
};

interface Message {
  from: string;
  value: string;
}

function isMessage(value: JsonValue): boolean {
  const { from, value: text } = (value ?? {}) as JsonObject;
  return typeof from === 'string' && typeof text === 'string';
}

function split(messages: readonly Message[]): [system: string | null, said: readonly Message[]] {
  const [first, ...rest] = messages;
  if (first?.from !== 'system') return [null, messages];
  return [first.value.trim() === '' ? null : first.value, rest];
}
