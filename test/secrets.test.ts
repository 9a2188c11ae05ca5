import { describe, expect, test } from 'vitest';
import { createRedactor, secretsOf } from '../src/secrets.ts';

const KEY = 'sk-1/2"3+canary=';
const redactor = createRedactor([KEY, undefined]);

describe('a secret', () => {
  test.each([
    ['as it is', KEY],
    ['URL-encoded', encodeURIComponent(KEY)],
    ['in JSON', JSON.stringify({ key: KEY })],
    ['in base64', Buffer.from(KEY).toString('base64')],
    ['in base64 of more', Buffer.from(`${KEY}:more`).toString('base64')],
    ['twice', `${KEY} and ${KEY}`],
  ])('%s is gone, and nothing has moved', (_how, text) => {
    const redacted = redactor.text(`before ${text} after`);
    expect(redacted).toHaveLength(text.length + 13);
    expect(redacted).toMatch(/^before .*\*{10}.* after$/);
    expect(redacted).not.toContain('canary');
    const bytes = Buffer.from(`before ${text} after`);
    redactor.bytes(bytes);
    expect(bytes.toString()).toBe(redacted);
  });

  test('at the end of a longer buffer’s view, only the view is touched', () => {
    const whole = Buffer.from(`${KEY}|${KEY}`);
    redactor.bytes(whole.subarray(0, KEY.length));
    expect(whole.toString()).toBe(`${'*'.repeat(KEY.length)}|${KEY}`);
  });

  test('words too short to be a secret are left alone', () => {
    expect(createRedactor(['abc']).text('abc')).toBe('abc');
  });
});

test('headers whose name speaks of a secret are one', () => {
  const target = {
    apiKey: KEY,
    headers: { 'x-api-key': 'first-secret', 'x-team': 'research', cookie: 'second-secret' },
  };
  expect(secretsOf(target as unknown as Parameters<typeof secretsOf>[0])).toEqual([
    KEY,
    'first-secret',
    'second-secret',
  ]);
});
