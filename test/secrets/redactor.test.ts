import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor, type Secret } from '../../src/secrets.ts';
import { spellingsOf } from './spellings.ts';

const keyOf = (value: string): Secret => ({ value, name: 'a key', isKey: true });
const wordOf = (value: string): Secret => ({ value, name: 'a word', isKey: false });

const KEYS = [
  'sk-canary-7d1f0a9b3c',
  'sk-1/2"3+canary=',
  'back\\slash/and "quote" <&> canary',
  'nvapi-Canary_~!@#$%^&*()',
  'ключ-canary-ß-日本',
  'u0063%41&amp;canary',
];

describe.each(KEYS)('%s', (key) => {
  const redactor = createRedactor([keyOf(key)]);

  // Escaping of a part leaves what an escape is made of in a key of the other part as it is.
  const spellings = spellingsOf(key).filter(
    ([how]) => !/every second|Python|in a page/.test(how) || !/[\\%&]/.test(key),
  );
  test.each(spellings)('%s is gone, and nothing has moved', (how, text) => {
    const around = `before: "${text}", after`;
    const bytes = Buffer.from(around);
    expect(redactor.bytes(bytes)).toBe(true);
    expect(bytes).toHaveLength(Buffer.byteLength(around));
    const [, left = '', stars = '', right = ''] =
      /^before: "([^*]*)(\*+)([^*]*)", after$/.exec(bytes.toString()) ?? [];
    expect(stars.length).toBeGreaterThan(Buffer.byteLength(key) - 1);
    // In base64, what stood beside the key is left.
    if (!how.includes('base64')) expect(left + right).toBe('');
    expect(Math.max(left.length, right.length)).toBeLessThan(14);
    const decoded = Buffer.from((left + stars + right).replaceAll('*', 'A'), 'base64').toString();
    for (const part of [key.slice(0, 2), key.slice(-2)]) expect(decoded).not.toContain(part);
    expect(redactor.text(around)).toBe(bytes.toString());
  });
});

describe('a secret', () => {
  const KEY = 'sk-canary-7d1f0a9b3c';
  const redactor = createRedactor([keyOf(KEY)]);
  const STARS = '*'.repeat(KEY.length);

  test('is found twice, and beside itself', () => {
    expect(redactor.text(`${KEY} and ${KEY}${KEY}`)).toBe(`${STARS} and ${STARS}${STARS}`);
  });

  test('at the end of a longer buffer’s view, only the view is touched', () => {
    const whole = Buffer.from(`${KEY}|${KEY}`);
    redactor.bytes(whole.subarray(0, KEY.length));
    expect(whole.toString()).toBe(`${STARS}|${KEY}`);
  });

  test('leaves JSON that it stood in as JSON', () => {
    for (const [, text] of spellingsOf(`"\\${KEY}`)) {
      const json = JSON.stringify({ a: [`"${text}"`, `\n${text}\\`] });
      expect(() => JSON.parse(redactor.text(json))).not.toThrow();
    }
    const afterEscape = createRedactor([keyOf('nvapi-0123456789')]).text(
      '{"a":"\\nvapi-0123456789"}',
    );
    expect(() => JSON.parse(afterEscape)).not.toThrow();
  });

  test('that another one begins with is gone with it', () => {
    const both = createRedactor([keyOf(KEY), keyOf(`${KEY}-and-more`)]);
    expect(both.text(`${KEY}-and-more, ${KEY}.`)).toBe(`${'*'.repeat(29)}, ${STARS}.`);
  });

  test('that the end cuts off is gone from its twelfth character on', () => {
    expect(redactor.text(`it is ${KEY.slice(0, 12)}`)).toBe(`it is ${'*'.repeat(12)}`);
    expect(redactor.text(`it is ${KEY.slice(0, 11)}`)).toBe(`it is ${KEY.slice(0, 11)}`);
    expect(redactor.text(`it is ${KEY.slice(0, 12)}.`)).toBe(`it is ${KEY.slice(0, 12)}.`);
    const word = createRedactor([wordOf('a-very-long-word')]);
    expect(word.text('a-very-long-wor')).toBe('a-very-long-wor');
  });

  test('of fewer than six bytes is left alone', () => {
    const short = createRedactor([keyOf('abcde'), keyOf('')]);
    expect(short.text('abcde')).toBe('abcde');
    expect(short.settled(Buffer.from('abc'))).toBe(3);
  });

  test('that is an ordinary word is left in names', () => {
    const two = createRedactor([wordOf('research'), keyOf(KEY)]);
    expect(two.text('research')).toBe('********');
    expect(two.name('x-research')).toBe('x-research');
    expect(two.name(`x-${KEY}`)).toBe(`x-${STARS}`);
    expect([...two.found].map(({ name }) => name)).toEqual(['a word', 'a key']);
  });

  test('is found wherever it stands in a body of many windows, escaped or not', () => {
    const escaped = JSON.stringify(
      Array.from(KEY, (x) => `\\u00${x.charCodeAt(0).toString(16)}`).join(''),
    ).slice(1, -1);
    for (const text of [KEY, escaped]) {
      for (const at of [0, 65_536 - text.length, 65_536 - 7, 65_536, 131_072 - 30, 199_000]) {
        const body = Buffer.alloc(200_000, 'filler \\n text ');
        body.write(text, at);
        redactor.bytes(body);
        expect(body.subarray(at, at + text.length).toString()).toBe('*'.repeat(text.length));
        expect(body.toString().replaceAll('*', '')).toHaveLength(
          200_000 - text.length - (at > 0 && body[at - 1] === 42 ? 1 : 0),
        );
      }
    }
  });
});

test('whatever the keys and the text: what was planted is gone, and nothing else is', () => {
  const key = fc.string({
    minLength: 8,
    maxLength: 40,
    unit: fc.constantFrom(...'abcXYZ019-_.~+/='),
  });
  const filler = fc.string({ maxLength: 60, unit: fc.constantFrom(...'éü ,;{}[]\n\t') });
  fc.assert(
    fc.property(
      fc.array(key, { minLength: 1, maxLength: 6 }),
      filler,
      filler,
      fc.nat(),
      fc.nat(),
      (keys, a, b, which, how) => {
        const secret = keys[which % keys.length] as string;
        const spellings = spellingsOf(secret).slice(0, 24);
        const [, text] = spellings[how % spellings.length] as [string, string];
        const redacted = createRedactor(keys.map(keyOf)).text(a + text + b);
        expect(redacted).toBe(a + '*'.repeat(text.length) + b);
      },
    ),
    { numRuns: 300 },
  );
});

test('the time it takes grows with the bytes, and hardly with the keys', () => {
  const body = Buffer.from('data: {"a":"\\"quoted\\" \\u00e9 & 50% word"}\n\n'.repeat(20_000));
  const msFor = (keys: number): number => {
    const redactor = createRedactor(
      Array.from({ length: keys }, (_, n) => keyOf(`sk-some-key-${n}-0123456789`)),
    );
    redactor.bytes(body);
    const times = Array.from({ length: 5 }, () => {
      const from = performance.now();
      redactor.bytes(body);
      return performance.now() - from;
    });
    return Math.min(...times);
  };
  // Forty times the keys: forty times the time if each were looked for alone.
  expect(msFor(40)).toBeLessThan(8 * msFor(1) + 50);
});
