import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nonceIn, withNonce, withoutNonce } from '../../src/suite/nonce.ts';
import type { ChatMessage } from '../../src/suite/types.ts';

const messages: ChatMessage[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
];

test('a nonce goes in front of the first message and nowhere else', () => {
  expect(withNonce(messages, 'r1-7')).toEqual([
    { role: 'system', content: '[tokentape nonce r1-7]\nBe brief.' },
    { role: 'user', content: 'Hello' },
  ]);
  expect(messages[0]?.content).toBe('Be brief.');
});

test('no nonce and no messages leave things as they are', () => {
  expect(withNonce(messages, null)).toEqual(messages);
  expect(withNonce([], 'x')).toEqual([]);
});

test('nonceIn finds it', () => {
  expect(nonceIn(withNonce(messages, 'r1-7'))).toBe('r1-7');
  expect(nonceIn(messages)).toBeNull();
  expect(nonceIn([])).toBeNull();
});

test('withoutNonce undoes it, and touches nothing else', () => {
  fc.assert(
    fc.property(fc.string(), fc.stringMatching(/^[a-z0-9-]*$/), (content, nonce) => {
      const [first] = withNonce([{ role: 'user', content }], nonce);
      expect(withoutNonce(first?.content ?? '')).toBe(content);
      fc.pre(!content.startsWith('[tokentape nonce'));
      expect(withoutNonce(content)).toBe(content);
    }),
  );
});
