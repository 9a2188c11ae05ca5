import type { ChatMessage } from './types.ts';

const LINE = /^\[tokentape nonce ([^\]\n]*)\]\n/;

/**
 * Puts a line of its own in front of the first message, so that no prompt cache knows the prefix.
 * @param nonce fresh text without `]` or line breaks; `null` leaves the messages alone
 * @returns new messages; the given ones are not touched
 */
export function withNonce(messages: readonly ChatMessage[], nonce: string | null): ChatMessage[] {
  const [first, ...rest] = messages;
  if (nonce === null || first === undefined) return [...messages];
  return [{ ...first, content: `[tokentape nonce ${nonce}]\n${first.content}` }, ...rest];
}

/** The text as it was before `withNonce`; any other text unchanged. */
export function withoutNonce(text: string): string {
  return text.replace(LINE, '');
}

/** The nonce of messages that were sent; `null` where they have none. */
export function nonceIn(messages: readonly Pick<ChatMessage, 'content'>[]): string | null {
  return LINE.exec(messages[0]?.content ?? '')?.[1] ?? null;
}
