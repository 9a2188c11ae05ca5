import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PieceRedactor } from '../../src/secrets/pieces.ts';
import { createRedactor } from '../../src/secrets.ts';
import { revealed } from './revealed.ts';
import { spellingsOf } from './spellings.ts';

const KEYS = ['sk-canary-7d1f0a', 'aabaab', 'sk-canary-7d1f0a-and-more'];
const redactor = createRedactor(KEYS.map((value) => ({ value, name: 'a key', isKey: true })));

/** What is shown after each piece; the last is what the end brings. */
function shownAfter(pieces: readonly string[]): string[] {
  const shown: string[] = [];
  let piece = '';
  const redacted = new PieceRedactor(redactor, (text) => {
    expect(text).not.toBe('');
    piece += text;
  });
  for (const one of pieces) {
    redacted.push(one);
    shown.push(piece);
    piece = '';
  }
  redacted.end();
  return [...shown, piece];
}

test('however text is cut, what is shown is what the whole text would show', () => {
  const words = fc.constantFrom(
    ...KEYS,
    ...KEYS.flatMap((key) =>
      spellingsOf(key)
        .filter(([how]) => !how.includes('base64'))
        .map(([, text]) => text),
    ),
    'sk-',
    'aab',
    'é',
    '日本',
    ' ',
    '50%',
    '&',
    '\\',
    '\n',
    'sk-canary-7',
  );
  fc.assert(
    fc.property(
      fc.array(words, { maxLength: 8 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (parts, cuts) => {
        // A blank at the end: what the end cuts off is a matter of its own.
        const text = `${parts.join(' ')} `;
        const pieces: string[] = [];
        for (let at = 0; at < text.length; ) {
          const size = cuts.next().value as number;
          pieces.push(text.slice(at, at + size));
          at += size;
        }
        expect(shownAfter(pieces).join('')).toBe(redactor.text(text));
      },
    ),
    { numRuns: 400 },
  );
});

test('nothing is held back that begins no secret', () => {
  expect(shownAfter(['Hello', ' wor', 'ld', '!'])).toEqual(['Hello', ' wor', 'ld', '!', '']);
  expect(shownAfter(['a s', 'o'])).toEqual(['a ', 'so', '']);
  expect(shownAfter(['sk-cana', 'ry-7d1f0a', '!'])).toEqual(['', '', `${'*'.repeat(16)}!`, '']);
  expect(shownAfter(['it is sk-cana'])).toEqual(['it is ', 'sk-cana']);
});

test.each(spellingsOf(KEYS[0] as string).filter(([how]) => how.includes('base64')))(
  'a key %s, cut anywhere, is not shown',
  (_how, text) => {
    for (let size = 1; size < 12; size++) {
      const pieces = `see ${text} there`.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
      const shown = shownAfter(pieces).join('');
      expect(revealed(Buffer.from(shown), KEYS[0] as string)).toBeNull();
      expect(shown).toMatch(/^see .*\*{15}.* there$/);
    }
  },
);
