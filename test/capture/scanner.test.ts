import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StreamScanner } from '../../src/capture/scanner.ts';
import { dialectOf } from '../../src/decode/dialect.ts';
import { chunk, DONE } from '../decode/tapes.ts';
import { HELLO, REPLY, ROLE } from './sending.ts';

const scanner = (limits = { events: 1000, eventBytes: 10_000 }): StreamScanner =>
  new StreamScanner(dialectOf('openai').carriesToken, limits);

function scan(text: string, into = scanner()): StreamScanner {
  into.push(Buffer.from(text));
  return into;
}

describe('what the measuring thread knows of a stream', () => {
  test('the first token: text of the model, not a role or a comment', () => {
    expect(scan(`: hi\n\n${ROLE}`).sawToken).toBe(false);
    expect(scan(`: hi\n\n${ROLE}${HELLO}`).sawToken).toBe(true);
    expect(scan(chunk({ reasoning_content: 'Hmm' })).sawToken).toBe(true);
    expect(scan(`\ufeff${HELLO}`).sawToken).toBe(true);
    expect(scan(HELLO.slice(0, -2)).sawToken).toBe(false);
  });

  test('a token is one of a whole message: not of another type, nor of JSON with more behind it', () => {
    const [line = ''] = HELLO.split('\n');
    expect(scan(`${line}\n`).sawToken).toBe(false);
    expect(scan(`${line}\nevent: ping\n\n`).sawToken).toBe(false);
    expect(scan(`${line}\ndata: {}\n\n`).sawToken).toBe(false);
    expect(scan(`data:  \t${line.slice('data: '.length)}\n\n`).sawToken).toBe(true);
  });

  test('a BOM at the start, and what only begins as one', () => {
    for (const text of ['\ufeffdata: [DONE]\n\n', `\ufeff: c\n\ndata: [DONE]\n\n`]) {
      const one = scanner();
      for (const byte of Buffer.from(text)) one.push(Uint8Array.of(byte));
      expect(one.done).toBe(true);
    }
    const torn = scanner();
    for (const part of [[0xef], [0xbb], Buffer.from('\ndata: [DONE]\n\n')]) {
      torn.push(Uint8Array.from(part));
    }
    expect(torn.done).toBe(true);
    expect(scan('\ufeff\ufeffdata: [DONE]\n\n').done).toBe(false);
  });

  test.each([
    ['data: [DONE]\n\n', true],
    ['data:[DONE]\r\n\r\n', true],
    ['data: [DONE]\r\r', true],
    ['data: [DONE]\n', false],
    ['data: [DONE] x\n\n', false],
    ['data:  [DONE]\n\n', false],
    ['data: a\ndata: [DONE]\n\n', false],
    ['data: "[DONE]"\n\n', false],
    [': data: [DONE]\n\n', false],
    ['id: 7\ndata: [DONE]\n\n', true],
    ['event: message\ndata: [DONE]\n\n', true],
    ['event:message\r\ndata:[DONE]\r\n\r\n', true],
    ['event\ndata: [DONE]\n\n', true],
    ['data: [DONE]\nid: 7\n\n', true],
    ['event: ping\ndata: [DONE]\n\n', false],
    ['event: messages\ndata: [DONE]\n\n', false],
    ['data: [DONE]\nevent: ping\n\n', false],
    ['event: ping\n\ndata: [DONE]\n\n', true],
    ['data\ndata: [DONE]\n\n', false],
    ['data: [DONE]\ndata\n\n', false],
    ['dated: x\ndata: [DONE]\n\n', true],
  ])('%j: done %s', (text, done) => {
    expect(scan(text).done).toBe(done);
  });

  test.each([
    ['data: [DONE]', true],
    ['data: [DONE]\n', true],
    ['id: 7\ndata: [DONE]', true],
    ['data: [DONE]\nid: 7\n', true],
    ['event: ping\ndata: [DONE]', false],
    ['data: [DON', false],
    ['data: [DONE] ', false],
    [HELLO, false],
  ])('%j: perhaps done %s', (text, unconfirmed) => {
    expect(scan(text).doneUnconfirmed).toBe(unconfirmed);
  });

  test('comments and line ends are no progress, all else is', () => {
    const one = scanner();
    expect(one.push(Buffer.from(': a comment\n\n\r\n'))).toBe(false);
    expect(one.push(Buffer.from(': half a com'))).toBe(false);
    expect(one.push(Buffer.from('ment, still\n'))).toBe(false);
    expect(one.push(Buffer.from('event: ping\n\n'))).toBe(true);
  });

  test('limits', () => {
    expect(
      scan('data: 1\n\n'.repeat(3), scanner({ events: 3, eventBytes: 99 })).exceeded,
    ).toBeNull();
    expect(scan('data: 1\n\n'.repeat(4), scanner({ events: 3, eventBytes: 99 })).exceeded).toBe(
      'events',
    );
    expect(scan('data: 12\n', scanner({ events: 3, eventBytes: 8 })).exceeded).toBeNull();
    expect(scan('data: 123', scanner({ events: 3, eventBytes: 8 })).exceeded).toBe('event_bytes');
  });

  test('splits change nothing', () => {
    const streams = fc.constantFrom(
      REPLY,
      REPLY.replaceAll('\n', '\r\n'),
      ROLE + ROLE,
      `${'x'.repeat(700)}\n${HELLO}`,
      `: c\n\n${chunk({ content: 'é\u{1f600}'.repeat(300) })}${DONE}`,
    );
    fc.assert(
      fc.property(streams, fc.array(fc.nat(3000), { maxLength: 12 }), (text, cuts) => {
        const bytes = Buffer.from(text);
        const places = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
        const split = scanner();
        for (const [index, from] of [0, ...places].entries()) {
          split.push(bytes.subarray(from, places[index] ?? bytes.length));
        }
        const whole = scan(text);
        const { sawToken, done, doneUnconfirmed, exceeded } = split;
        expect({ sawToken, done, doneUnconfirmed, exceeded }).toEqual({
          sawToken: whole.sawToken,
          done: whole.done,
          doneUnconfirmed: whole.doneUnconfirmed,
          exceeded: whole.exceeded,
        });
      }),
    );
  });
});
