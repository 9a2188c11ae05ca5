import { createHash } from 'node:crypto';
import { withoutNonce } from '../suite/nonce.ts';
import type { PromptMessage } from './chat-request.ts';

/**
 * Where an answer book keeps what to say to a prompt.
 * @param userMessages all that the user has said so far, one text for a single prompt; with or
 *   without nonce lines
 * @returns SHA-256 in hex
 */
export function promptKey(...userMessages: string[]): string {
  return createHash('sha256').update(userMessages.map(withoutNonce).join('\0')).digest('hex');
}

/** All that the user has said, in order. */
export function userMessages(messages: readonly PromptMessage[]): string[] {
  return messages.filter(({ role }) => role === 'user').map(({ content }) => content);
}

/** A conversation up to what the user said first: the same for all of its turns. */
export function opening(messages: readonly PromptMessage[]): PromptMessage[] {
  const first = messages.findIndex(({ role }) => role === 'user');
  return messages.slice(0, first + 1);
}

/** What the user said last, without the nonce; empty where the user said nothing. */
export function lastUserMessage(messages: readonly PromptMessage[]): string {
  const last = messages.findLast((message) => message.role === 'user');
  return withoutNonce(last?.content ?? '');
}

/**
 * A digest of the whole conversation without its nonce: what decides an answer, with the seed.
 * @returns SHA-256 in hex, as long prompts would make costly labels
 */
export function promptIdentity(messages: readonly PromptMessage[]): string {
  const hash = createHash('sha256');
  for (const { role, content } of messages) hash.update(`${role}\n${withoutNonce(content)}\0`);
  return hash.digest('hex');
}

export type Language = 'en' | 'ja' | 'vi';

const JAPANESE = /[\u3041-\u30ff]/;
/** Letters that French and Portuguese do not share with Vietnamese. */
const VIETNAMESE = /[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i;

export function languageOf(text: string): Language {
  if (JAPANESE.test(text)) return 'ja';
  return VIETNAMESE.test(text) ? 'vi' : 'en';
}
