import { describe, expect, test } from 'vitest';
import type { TapeEnd } from '../../src/capture/tape.ts';
import { outcomeOf } from '../../src/decode/outcome.ts';
import { decodeTape } from '../../src/decode/reply.ts';
import type { Outcome, OutcomeClass } from '../../src/decode/types.ts';
import { chunk, DONE, data, type TapeParts, tapeOf } from './tapes.ts';

const SAY = chunk({ content: 'a' });
const FINISH = chunk({}, { finish_reason: 'stop' });

function judge(body: string | Uint8Array, parts: TapeParts = {}, expectsSilence = false): Outcome {
  const tape = tapeOf({ reads: body.length === 0 ? [] : [[5, body]], ...parts });
  return outcomeOf(tape, decodeTape(tape, 'openai'), { expectsSilence });
}

const failed = (
  stage: TapeEnd['stage'],
  code: string,
  message: string | null = null,
): TapeParts => ({
  end: { how: 'error', stage, code, message },
});

describe('no response', () => {
  test.each<[string, TapeEnd['stage'], string | null, OutcomeClass, string]>([
    [
      'ENOTFOUND',
      'connect',
      'getaddrinfo ENOTFOUND no.invalid',
      'dns',
      'the host name could not be resolved: getaddrinfo ENOTFOUND no.invalid',
    ],
    ['EAI_AGAIN', 'connect', null, 'dns', 'the host name could not be resolved: EAI_AGAIN'],
    ['constructor', 'connect', null, 'connect', 'no connection: constructor'],
    [
      'ECONNREFUSED',
      'connect',
      'connect ECONNREFUSED 127.0.0.1:9',
      'connect',
      'no connection: connect ECONNREFUSED 127.0.0.1:9',
    ],
    ['EHOSTUNREACH', 'connect', null, 'connect', 'no connection: EHOSTUNREACH'],
    ['ENETUNREACH', 'connect', null, 'connect', 'no connection: ENETUNREACH'],
    ['ECONNRESET', 'connect', null, 'connect', 'no connection: ECONNRESET'],
    ['unknown', 'connect', 'odd', 'connect', 'no connection: odd'],
    ['ETIMEDOUT', 'connect', null, 'connect_timeout', 'no connection in time: ETIMEDOUT'],
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'tls',
      'self-signed certificate',
      'tls',
      'no trusted TLS connection: self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)',
    ],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'headers',
      null,
      'tls',
      'no trusted TLS connection: ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ['CERT_HAS_EXPIRED', 'headers', null, 'tls', 'no trusted TLS connection: CERT_HAS_EXPIRED'],
    ['ECONNRESET', 'tls', null, 'tls', 'no trusted TLS connection: ECONNRESET'],
    ['ECONNREFUSED', 'proxy', null, 'proxy', 'the proxy failed: ECONNREFUSED'],
    ['ENOTFOUND', 'proxy', null, 'proxy', 'the proxy failed: ENOTFOUND'],
    ['EMFILE', 'connect', null, 'client_limit', 'this machine ran out of sockets or files: EMFILE'],
    ['ENFILE', 'proxy', null, 'client_limit', 'this machine ran out of sockets or files: ENFILE'],
    [
      'EADDRNOTAVAIL',
      'connect',
      null,
      'client_limit',
      'this machine ran out of sockets or files: EADDRNOTAVAIL',
    ],
    [
      'ECONNRESET',
      'headers',
      'read ECONNRESET',
      'reset_pre_headers',
      'the connection was lost before the response: read ECONNRESET',
    ],
    [
      'EPIPE',
      'headers',
      null,
      'reset_pre_headers',
      'the connection was lost before the response: EPIPE',
    ],
    [
      'ECONNRESET',
      'headers',
      'the server closed the connection',
      'reset_pre_headers',
      'the connection was lost before the response: the server closed the connection (ECONNRESET)',
    ],
    [
      'truncated',
      'headers',
      null,
      'reset_pre_headers',
      'the connection was lost before the response: truncated',
    ],
    [
      'ETIMEDOUT',
      'headers',
      null,
      'reset_pre_headers',
      'the connection was lost before the response: ETIMEDOUT',
    ],
    [
      'http_syntax',
      'headers',
      'the response begins with no status line',
      'protocol',
      'the response is not proper HTTP: the response begins with no status line (http_syntax)',
    ],
    [
      'headers_overflow',
      'headers',
      'a head of more than 65536 bytes',
      'limit_exceeded',
      'the response passed a limit: a head of more than 65536 bytes (headers_overflow)',
    ],
    [
      'h2_goaway',
      'headers',
      'GOAWAY with code 0',
      'h2_goaway',
      'the server ended the HTTP/2 connection: GOAWAY with code 0',
    ],
    [
      'h2_stream',
      'headers',
      'reset with code 7',
      'h2_stream',
      'the HTTP/2 stream was reset: reset with code 7',
    ],
    [
      'ERR_HTTP2_ERROR',
      'headers',
      null,
      'protocol',
      'the response is not proper HTTP: ERR_HTTP2_ERROR',
    ],
  ])('%s at %s', (code, stage, said, outcome, message) => {
    const end = failed(stage, code, said);
    expect(judge('', { status: null, ...end })).toEqual({ class: outcome, message });
  });

  test('a stale socket, whose second dial failed before the response too', () => {
    const stale = { status: null, staleSocketRedials: 1 };
    expect(judge('', { ...stale, ...failed('headers', 'ECONNRESET') }).class).toBe(
      'reset_pre_headers',
    );
    expect(judge('', { ...stale, ...failed('connect', 'ECONNREFUSED') }).class).toBe('connect');
    expect(judge(SAY, { staleSocketRedials: 1, ...failed('body', 'ECONNRESET') }).class).toBe(
      'reset_mid_stream',
    );
    expect(judge(SAY + DONE, { staleSocketRedials: 1 }).class).toBe('ok');
  });
});

describe('statuses', () => {
  test.each<[number, OutcomeClass]>([
    [400, 'bad_request'],
    [422, 'bad_request'],
    [401, 'auth'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [429, 'rate_limited'],
    [402, 'http_4xx'],
    [407, 'http_4xx'],
    [408, 'http_4xx'],
    [409, 'http_4xx'],
    [500, 'server_5xx'],
    [503, 'server_5xx'],
    [529, 'server_5xx'],
    [304, 'http_3xx'],
    [300, 'http_3xx'],
    [700, 'protocol'],
  ])('%i is %s', (status, outcome) => {
    const body = JSON.stringify({ error: { message: 'says the server', code: 'x' } });
    const response = { status, headers: { 'content-type': 'application/json' } };
    expect(judge(body, response)).toEqual({ class: outcome, message: 'says the server' });
    // However its body ended.
    const cut = { ...response, ...failed('body', 'ECONNRESET') };
    expect(judge(body.slice(0, 20), cut).class).toBe(outcome);
    expect(judge('', response)).toEqual({
      class: outcome,
      message: `HTTP ${status} without a message`,
    });
  });

  test.each([301, 302, 303, 307, 308])('%i is a redirect, not followed', (status) => {
    const headers = { location: 'https://elsewhere.example/v1?key=secret' };
    expect(judge('<html>', { status, headers })).toEqual({
      class: 'redirect',
      message: `HTTP ${status} to https://elsewhere.example/v1: redirects are not followed`,
    });
  });

  test.each<[string, string, string]>([
    ['OpenAI', '{"error":{"message":"no key"}}', 'no key'],
    ['text', '{"error":"no key"}', 'no key'],
    ['FastAPI', '{"detail":"no key"}', 'no key'],
    ['FastAPI, validation', '{"detail":[{"loc":["body"],"msg":"no key"}]}', 'no key'],
    ['detail with an error', '{"detail":{"error":"no key"}}', 'no key'],
    ['vLLM', '{"object":"error","message":"no key"}', 'no key'],
    ['Gemini', '[{"error":{"message":"no key"}}]', 'no key'],
    ['other JSON', '{"problem":1}', '{"problem":1}'],
    ['a page', '<html>\n  <h1>no key</h1>\n</html>', '<html> <h1>no key</h1> </html>'],
    [
      'control characters',
      '{"error":"a\\u001b[31mb\\u202e\\nc\\ud800"}',
      'a\ufffd[31mb\ufffd c\ufffd',
    ],
    ['cut JSON', '{"error":{"mess', '{"error":{"mess'],
  ])('the message of %s', (_, body, message) => {
    expect(judge(body, { status: 401, headers: {} }).message).toBe(message);
  });

  test('a long message is cut to 500 characters, never through a character', () => {
    const { message } = judge(JSON.stringify({ error: '🙂'.repeat(400) }), { status: 500 });
    expect(message?.length).toBeLessThanOrEqual(500);
    expect(message).toMatch(/^(🙂)+…$/u);
  });
});

describe('2xx that is no stream', () => {
  const html = { headers: { 'content-type': 'text/html; charset=utf-8' } };
  const json = { headers: { 'content-type': 'application/json' } };

  test.each<[string, string, TapeParts, OutcomeClass, string]>([
    [
      'a page',
      '<html>Log in</html>',
      html,
      'not_sse',
      'text/html in place of an event stream: <html>Log in</html>',
    ],
    [
      'a JSON error',
      '{"error":{"message":"quota"}}',
      json,
      'not_sse',
      'application/json in place of an event stream: quota',
    ],
    [
      'events without a label',
      SAY + DONE,
      { headers: {} },
      'not_sse',
      'a body without a content-type in place of an event stream: data: {',
    ],
    [
      'a cut page',
      '<html>',
      { ...html, ...failed('body', 'truncated') },
      'not_sse',
      'text/html in place',
    ],
    ['nothing, labelled', '', html, 'empty', 'HTTP 200 without an event'],
    [
      'nothing, cut',
      '',
      { ...html, ...failed('body', 'ECONNRESET') },
      'reset_mid_stream',
      'the connection was lost in the middle',
    ],
    ['204', '', { status: 204, headers: {} }, 'empty', 'HTTP 204 without an event'],
    ['an empty stream', '', {}, 'empty', 'HTTP 200 without an event'],
    ['only comments', ': hi\n\n', {}, 'empty', 'HTTP 200 without an event: : hi'],
    [
      'a page under the label of a stream',
      '<html>\n<p>\n',
      {},
      'empty',
      'HTTP 200 without an event: <html> <p>',
    ],
    [
      'a JSON error under that label',
      '{"error":{"message":"quota"}}',
      {},
      'empty',
      'HTTP 200 without an event: quota',
    ],
  ])('%s', (_, body, parts, outcome, message) => {
    const judged = judge(body, parts);
    expect(judged.class).toBe(outcome);
    expect(judged.message?.startsWith(message)).toBe(true);
  });

  test('a long page is quoted with 200 characters', () => {
    expect(judge('x'.repeat(5000), html).message).toHaveLength(200);
  });
});

describe('streams', () => {
  const LOST = failed('body', 'ECONNRESET');
  const CUT = failed('body', 'truncated');
  const done = (code: string | null): TapeParts => ({ end: { how: 'done', code } });
  const invalid = Buffer.concat([
    Buffer.from('data: {"choices":[{"delta":{"content":"'),
    Buffer.of(0xff),
    Buffer.from(`"}}]}\n\n${DONE}`),
  ]);

  test.each<[string, string | Uint8Array, TapeParts, OutcomeClass, string | null]>([
    ['a whole one', SAY + FINISH + DONE, {}, 'ok', null],
    ['role chunk first', chunk({ role: 'assistant', content: '' }) + SAY + DONE, {}, 'ok', null],
    ['only a finish_reason, then a clean end', SAY + FINISH, {}, 'ok', null],
    ['[DONE] alone', SAY + DONE, {}, 'ok', null],
    ['[DONE], then a reset', SAY + DONE, done('ECONNRESET'), 'ok', null],
    ['[DONE] without its blank line', `${SAY}data: [DONE]`, {}, 'ok', null],
    ['the same, then a cut', `${SAY}data: [DONE]`, CUT, 'ok', null],
    ['[DONE] twice', SAY + DONE + DONE, {}, 'ok', null],
    ['CRLF', (SAY + DONE).replaceAll('\n', '\r\n'), {}, 'ok', null],
    ['a BOM', `\ufeff${SAY}${DONE}`, {}, 'ok', null],
    ['keep-alives', `: a\n\n${SAY}event: ping\n\nevent: ping\ndata: x\n\n${DONE}`, {}, 'ok', null],
    [
      'other separators inside JSON',
      chunk({ content: 'a\u2028b\u0085\u000b' }) + DONE,
      {},
      'ok',
      null,
    ],
    ['invalid UTF-8', invalid, {}, 'ok', null],
    [
      'usage of zero tokens',
      SAY + data({ usage: { completion_tokens: 0 } }) + DONE,
      {},
      'ok',
      null,
    ],
    [
      'a tool call',
      chunk({ tool_calls: [{ index: 0, function: { name: 'f' } }] }) + DONE,
      {},
      'ok',
      null,
    ],
    ['reasoning only', chunk({ reasoning: 'hm' }) + DONE, {}, 'ok', null],
    [
      'absent, null and empty choices',
      data({}) + data({ choices: null }) + data({ choices: [] }) + SAY + DONE,
      {},
      'ok',
      null,
    ],

    ['no end', SAY, {}, 'truncated', 'the stream ended without [DONE] or a finish_reason'],
    [
      'role chunk only',
      chunk({ role: 'assistant' }),
      {},
      'truncated',
      'the stream ended without [DONE] or a finish_reason',
    ],
    [
      'cut inside JSON',
      `${SAY}data: {"cho`,
      {},
      'truncated',
      'the stream ended without [DONE] or a finish_reason, inside an event: {"cho',
    ],
    [
      'cut inside the first event',
      'data: {"cho',
      {},
      'truncated',
      'the stream ended without [DONE] or a finish_reason, inside an event: {"cho',
    ],
    [
      'cut inside [DONE]',
      `${SAY}data: [DON`,
      {},
      'truncated',
      'the stream ended without [DONE] or a finish_reason, inside an event: [DON',
    ],
    ['cut by its framing', SAY, CUT, 'truncated', 'the response was cut off'],
    [
      'finish_reason, then cut by its framing',
      SAY + FINISH,
      CUT,
      'truncated',
      'the response was cut off',
    ],
    [
      'content-length short',
      SAY,
      failed('body', 'truncated'),
      'truncated',
      'the response was cut off',
    ],
    ['cut before any byte', '', CUT, 'truncated', 'the response was cut off'],
    [
      'reset',
      SAY,
      LOST,
      'reset_mid_stream',
      'the connection was lost in the middle of the response: ECONNRESET',
    ],
    [
      'finish_reason, then a reset',
      SAY + FINISH,
      LOST,
      'reset_mid_stream',
      'the connection was lost in the middle of the response: ECONNRESET',
    ],
    [
      'broken chunking',
      SAY,
      failed('body', 'http_syntax'),
      'protocol',
      'the response is not proper HTTP: http_syntax',
    ],
    [
      'GOAWAY',
      SAY,
      failed('body', 'h2_goaway'),
      'h2_goaway',
      'the server ended the HTTP/2 connection',
    ],
    ['RST_STREAM', SAY, failed('body', 'h2_stream'), 'h2_stream', 'the HTTP/2 stream was reset'],

    ['[DONE] without a token', DONE, {}, 'no_tokens', 'the stream ended properly without a token'],
    [
      'finish_reason without a token',
      FINISH,
      {},
      'no_tokens',
      'the stream ended properly without a token',
    ],
    [
      'an error before tokens',
      data({ error: { message: 'overloaded' } }),
      {},
      'stream_error',
      'overloaded',
    ],
    [
      'an error after tokens',
      SAY + data({ error: 'overloaded' }) + DONE,
      {},
      'stream_error',
      'overloaded',
    ],
    [
      'an error, then a reset',
      SAY + data({ error: 'overloaded' }),
      LOST,
      'stream_error',
      'overloaded',
    ],
    [
      'a flat error',
      data({ object: 'error', message: 'overloaded' }) + DONE,
      {},
      'stream_error',
      'overloaded',
    ],
    [
      'event: error',
      `${SAY}event: error\ndata: {"message":"overloaded"}\n\n${DONE}`,
      {},
      'stream_error',
      'overloaded',
    ],
    [
      'an error of blanks',
      data({ error: { message: ' \u2028' } }),
      {},
      'stream_error',
      '{"error":{"message":" "}}',
    ],
    [
      'event: error with nothing in it',
      `${SAY}event: error\ndata:\n\n`,
      {},
      'stream_error',
      'an error without a message',
    ],
    [
      'not JSON',
      `${SAY}data: {"cho\n\n${DONE}`,
      {},
      'malformed_json',
      'an event is not JSON: `{"cho`',
    ],
    [
      'a fake [DONE]',
      `${SAY}data: [DONE] x\n\n`,
      {},
      'malformed_json',
      'an event is not JSON: `[DONE] x`',
    ],
    [
      'a fake [DONE] with a space',
      `${SAY}data: [DONE] \n\n`,
      {},
      'malformed_json',
      'an event is not JSON: `[DONE] `',
    ],
  ])('%s', (_, body, parts, outcome, message) => {
    expect(judge(body, parts)).toEqual({ class: outcome, message });
  });

  test('a case that expects silence is content with none', () => {
    expect(judge(DONE, {}, true)).toEqual({ class: 'ok', message: null });
    expect(judge('', {}, true).class).toBe('empty');
    expect(judge(chunk({ role: 'assistant' }), {}, true).class).toBe('truncated');
  });
});

describe('our own abort comes before all else', () => {
  const error = data({ error: 'overloaded' });

  test.each<[string, string | null, string]>([
    ['cancelled', null, 'cancelled: after 1.5 s'],
    ['connect_timeout', null, 'no connection in time: after 1.5 s'],
    ['ttft_timeout', null, 'no first token in time: after 1.5 s'],
    ['stalled', null, 'the stream stalled: after 1.5 s'],
    ['total_timeout', null, 'the request took too long: after 1.5 s'],
    ['limit_exceeded', 'more than 9 events', 'the response passed a limit: more than 9 events'],
    ['client_limit', 'no ports', 'this machine ran out of sockets or files: no ports'],
  ])('%s', (code, said, message) => {
    const end = { atMs: 1500, how: 'abort', code, message: said } as const;
    for (const body of ['', SAY, SAY + error, SAY + DONE]) {
      expect(judge(body, { end })).toEqual({ class: code, message });
    }
    expect(judge('', { status: null, end })).toEqual({ class: code, message });
    expect(judge('', { status: 500, end })).toEqual({
      class: code,
      message: `${message} (after HTTP 500)`,
    });
  });
});

describe('every prefix of a whole stream, cut by FIN', () => {
  const usage = data({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } });
  const STREAMS: [string, string][] = [
    [
      'OpenAI',
      chunk({ role: 'assistant', content: '' }) +
        SAY +
        chunk({ content: 'é🙂' }) +
        FINISH +
        usage +
        DONE,
    ],
    ['CRLF', (SAY + FINISH + DONE).replaceAll('\n', '\r\n')],
    ['CR', (SAY + FINISH + DONE).replaceAll('\n', '\r')],
    ['thinking', chunk({ content: '<think>a</think>' }) + SAY + DONE],
    ['no finish_reason', SAY + SAY + DONE],
  ];
  test.each(STREAMS)('%s', (_, stream) => {
    const body = Buffer.from(stream);
    const doneAt = body.indexOf('[DONE]') + '[DONE]'.length;
    const finishedAt = endOfEvent(body, body.indexOf('"finish_reason":"stop"'));
    for (let length = 0; length < body.length; length++) {
      const prefix = body.subarray(0, length);
      // Where the framing tells of the cut, only [DONE] may save it.
      const framed = judge(prefix, failed('body', 'truncated')).class;
      expect(framed).toBe(length >= doneAt ? 'ok' : 'truncated');
      // Where it cannot, a finish_reason in a whole event may.
      const unframed = judge(prefix).class;
      if (length >= Math.min(doneAt, finishedAt)) expect(unframed).toBe('ok');
      else expect(['empty', 'truncated']).toContain(unframed);
    }
  });
});

/** Where the event around `at` is complete; past every length where `at` is nowhere. */
function endOfEvent(body: Buffer, at: number): number {
  if (at === -1) return Infinity;
  const ends = ['\n\n', '\r\n\r', '\r\r'].map(
    (end) => [body.indexOf(end, at), end.length] as const,
  );
  return Math.min(
    ...ends.filter(([place]) => place !== -1).map(([place, length]) => place + length),
  );
}
