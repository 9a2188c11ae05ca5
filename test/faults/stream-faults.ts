import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { FINISH, HELLO, REPLY, ROLE, WORLD } from '../capture/sending.ts';
import { chunk, DONE, data } from '../decode/tapes.ts';
import type { Exchange } from './exchange.ts';
import { type Expected, type Fault, WIRES } from './fault.ts';
import { cut, ERROR, hanging, type PlayFault, paced, stream } from './plays.ts';

const BARE: Expected = { outcome: 'ok', token: true, flags: [] };
const ANSWER: Partial<Expected> = { answer: 'Hello world' };
const ERRED: Expected = { outcome: 'stream_error', says: /overloaded/, token: true };
const TEXT = HELLO + WORLD;

const ok = (
  row: number | null,
  name: string,
  play: PlayFault,
  more: Partial<Expected> = {},
): Fault => ({
  row,
  name,
  over: WIRES,
  play,
  expected: more.answers === false ? { ...BARE, ...more } : { ...BARE, ...ANSWER, ...more },
});

const fault = (row: number | null, name: string, play: PlayFault, expected: Expected): Fault => ({
  row,
  name,
  over: WIRES,
  play,
  expected,
});

const usage = (completion: number, more: object = {}): string =>
  data({ choices: [], usage: { prompt_tokens: 9, completion_tokens: completion, ...more } });

/** One byte a write, so that no boundary stays whole. */
const bytewise =
  (text: string): PlayFault =>
  async (exchange: Exchange) => {
    await exchange.head();
    for (const byte of Buffer.from(text)) await exchange.send(Uint8Array.of(byte));
    await exchange.end();
  };

const compressed =
  (coding: string, bytes: Buffer): PlayFault =>
  async (exchange: Exchange) => {
    await exchange.head({ headers: { 'content-encoding': coding } });
    for (let at = 0; at < bytes.length; at += 40) await exchange.send(bytes.subarray(at, at + 40));
    await exchange.end();
  };

const TWENTY = Array.from({ length: 20 }, (_, n) => chunk({ content: ` w${n}` }));
/** Two tokens to a chunk, counted along. */
const COUNTED = [2, 4, 6, 8].map((tokens) =>
  chunk({ content: ' ab cd' }, {}, { usage: { prompt_tokens: 9, completion_tokens: tokens } }),
);

/** Rows 21 to 38: what stands in a stream. */
export const STREAM_FAULTS: readonly Fault[] = [
  fault(21, 'error-before-tokens', stream(ROLE, ERROR), { ...ERRED, token: false }),
  fault(21, 'error-then-done', stream(HELLO, ERROR, DONE), ERRED),
  fault(21, 'error-after-finish', stream(HELLO, FINISH, ERROR, DONE), ERRED),
  {
    ...fault(21, 'error-then-reset', cut('reset', [HELLO, ERROR]), ERRED),
    endsConnection: true,
  },
  fault(
    21,
    'flat-error',
    stream(HELLO, data({ object: 'error', message: 'overloaded', code: 500 }), DONE),
    ERRED,
  ),
  fault(21, 'error-event', stream(HELLO, `event: error\n${data('overloaded')}`, DONE), ERRED),
  fault(22, 'malformed-json', stream(HELLO, 'data: {"choices": oops}\n\n', DONE), {
    outcome: 'malformed_json',
    says: /oops/,
    token: true,
  }),
  ok(
    23,
    'invalid-utf8',
    stream(
      Buffer.from(chunk({ content: 'Hello\u00ff' }), 'latin1'),
      Buffer.from(WORLD + FINISH + DONE),
    ),
    { answer: 'Hello\ufffd world', utf8Replacements: 1 },
  ),
  ok(
    24,
    'bytewise-multibyte-crlf',
    bytewise((ROLE + chunk({ content: 'é漢🙂' }) + FINISH + DONE).replaceAll('\n', '\r\n')),
    { answer: 'é漢🙂', utf8Replacements: 0 },
  ),
  ok(
    25,
    'line-separators-in-json',
    stream(
      `data: {"choices":[{"index":0,"delta":{"content":"a\u2028b\u0085c\u2029d"}}]}\n\n`,
      FINISH,
      DONE,
    ),
    { answer: 'a\u2028b\u0085c\u2029d' },
  ),
  fault(
    25,
    'vertical-tab-in-json',
    stream('data: {"choices":[{"index":0,"delta":{"content":"a\u000bb"}}]}\n\n', FINISH, DONE),
    // Raw inside a string it is no JSON (RFC 8259, 7): but one event, not two.
    { outcome: 'malformed_json', token: false },
  ),
  ok(26, 'crlf', stream(REPLY.replaceAll('\n', '\r\n'))),
  ok(26, 'cr', stream(REPLY.replaceAll('\n', '\r'))),
  ok(27, 'done-twice', stream(REPLY + DONE), { postDoneEvents: 1 }),
  ok(27, 'events-after-done', stream(REPLY + HELLO + HELLO), { postDoneEvents: 2 }),
  {
    ...ok(27, 'reset-after-done', cut('reset', [REPLY]), { flags: ['unclean_close'] }),
    endsConnection: true,
  },
  ok(27, 'open-after-done', hanging([REPLY])),
  fault(28, 'false-done', stream(TEXT, 'data: [DONE] x\n\n'), {
    outcome: 'malformed_json',
    says: /\[DONE\] x/,
    token: true,
  }),
  ok(29, 'done-without-blank-line', stream(TEXT, 'data: [DONE]\n'), { flags: ['lenient_done'] }),
  ok(29, 'done-without-line-end', stream(TEXT, 'data: [DONE]'), { flags: ['lenient_done'] }),
  ok(29, 'done-without-line-end-left-open', hanging([`${TEXT}data: [DONE]`]), {
    flags: ['lenient_done'],
  }),
  ok(30, 'usage', stream(ROLE + TEXT + FINISH + usage(2) + DONE), { outputTokens: 2 }),
  ok(30, 'no-usage', stream(REPLY), { outputTokens: null }),
  ok(
    30,
    'wrong-usage',
    stream(
      TEXT + FINISH + usage(0, { completion_tokens_details: { reasoning_tokens: 381 } }) + DONE,
    ),
    { outputTokens: null, flags: ['usage_inconsistent'] },
  ),
  ok(31, 'odd-choices', stream(data({ choices: [] }), data({ choices: null }), data({}), REPLY)),
  ok(
    31,
    'null-delta',
    stream(chunk(null), chunk({ content: null }), data({ choices: [7] }), REPLY),
  ),
  ok(32, 'role-first', paced(60, ROLE, TEXT + FINISH + DONE), { tokenAfterMs: 100 }),
  fault(32, 'role-only', stream(ROLE, FINISH, DONE), { outcome: 'no_tokens', token: false }),
  fault(32, 'done-only', stream(DONE), { outcome: 'no_tokens', token: false }),
  ok(33, 'several-tokens-counted', paced(5, ...COUNTED, FINISH + usage(8) + DONE), {
    answer: ' ab cd'.repeat(4),
    chunkTokens: 'usage',
    outputTokens: 8,
  }),
  ok(33, 'several-tokens-uncounted', paced(5, TEXT, TEXT, FINISH + usage(4) + DONE), {
    answer: 'Hello worldHello world',
    chunkTokens: 'unknown',
    outputTokens: 4,
  }),
  ok(34, 'held-back', paced(80, TWENTY.join('') + FINISH + DONE), {
    answer: TWENTY.map((_, n) => ` w${n}`).join(''),
    flags: ['coalesced'],
  }),
  ok(35, 'gzip', compressed('gzip', gzipSync(REPLY)), { flags: ['compressed'] }),
  ok(35, 'deflate', compressed('deflate', deflateSync(REPLY)), { flags: ['compressed'] }),
  ok(35, 'brotli', compressed('br', brotliCompressSync(REPLY)), { flags: ['compressed'] }),
  fault(35, 'gzip-cut', compressed('gzip', gzipSync(ROLE + TEXT)), {
    outcome: 'truncated',
    token: true,
  }),
  fault(35, 'gzip-broken', compressed('gzip', Buffer.from('no gzip at all')), {
    outcome: 'protocol',
    token: false,
  }),
  ok(37, 'pings', stream('event: ping\n\n', 'event: ping\ndata: not json\n\n', 'data\n\n', REPLY)),
  ok(38, 'bom', stream(`\ufeff${REPLY}`)),
  // Fine points.
  ok(null, 'finish-alone', stream(TEXT, FINISH)),
  ok(null, 'text-after-finish', stream(HELLO, FINISH, WORLD, DONE), {
    flags: ['text_after_finish'],
  }),
  ok(
    null,
    'tool-calls',
    stream(
      chunk({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'look', arguments: '' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"at":"漢"}' } }] }),
      chunk({}, { finish_reason: 'tool_calls' }),
      DONE,
    ),
    { answers: false },
  ),
  ok(null, 'several-choices', stream(TEXT, chunk({ content: 'no' }, { index: 1 }), FINISH, DONE), {
    flags: ['several_choices'],
  }),
];
