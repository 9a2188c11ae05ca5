import { FINISH, HELLO } from '../capture/sending.ts';
import { type Expected, type Fault, HTTP1, WIRES, type Wire } from './fault.ts';
import { raw, refusal, stream, whole } from './plays.ts';

/** A status that says all. */
const status = (
  row: number | null,
  code: number,
  outcome: Expected['outcome'],
  more: { headers?: Record<string, string>; over?: readonly Wire[]; refuses?: true } = {},
): Fault => ({
  row,
  name: `http-${code}`,
  over: more.over ?? WIRES,
  play: refusal(code, `no ${code} today`, more.headers),
  expected: {
    outcome,
    says: new RegExp(`no ${code} today`),
    status: code,
    token: false,
    ...(more.refuses && { refuses: true }),
  },
});

const redirect = (code: number): Fault => ({
  row: 39,
  name: `redirect-${code}`,
  over: WIRES,
  play: whole('', code, { location: 'http://127.0.0.1:9/elsewhere?secret=1' }),
  expected: { outcome: 'redirect', says: /elsewhere: redirects/, status: code, token: false },
});

const notSse = (name: string, type: string, body: string, says: RegExp): Fault => ({
  row: 15,
  name,
  over: WIRES,
  play: whole(body, 200, { 'content-type': type }),
  expected: { outcome: 'not_sse', says, token: false },
});

/** Rows 11 to 16 and 39: answers that are no stream. */
export const ANSWER_FAULTS: readonly Fault[] = [
  status(11, 401, 'auth', { refuses: true }),
  status(11, 403, 'forbidden', { refuses: true }),
  status(12, 404, 'not_found', { refuses: true }),
  {
    row: 12,
    name: 'invalid-model',
    over: WIRES,
    play: refusal(400, 'Invalid model name passed in model=some-model'),
    expected: {
      outcome: 'bad_request',
      says: /Invalid model name/,
      status: 400,
      token: false,
      refuses: true,
    },
  },
  status(13, 429, 'rate_limited', { headers: { 'retry-after': '1' } }),
  {
    row: 13,
    name: 'rate-limited-until',
    over: WIRES,
    play: refusal(429, 'come back', {
      'retry-after': 'Wed, 21 Oct 2099 07:28:00 GMT',
      'retry-after-ms': '20',
      'x-should-retry': 'true',
    }),
    expected: { outcome: 'rate_limited', says: /come back/, status: 429, token: false },
  },
  status(14, 500, 'server_5xx'),
  status(14, 502, 'server_5xx'),
  status(14, 503, 'server_5xx', { headers: { 'x-should-retry': 'true' } }),
  status(14, 529, 'server_5xx'),
  notSse('html', 'text/html', '<html>Welcome</html>', /Welcome/),
  notSse('json-error', 'application/json', '{"error":{"message":"quota"}}', /quota/),
  notSse('untyped', 'application/octet-stream', 'who knows', /who knows/),
  {
    row: 15,
    name: 'html-as-event-stream',
    over: WIRES,
    play: stream('<html>\n<body>Welcome</body>\n</html>\n'),
    expected: { outcome: 'empty', says: /Welcome/, token: false },
  },
  {
    row: 16,
    name: 'empty',
    over: WIRES,
    play: whole(''),
    expected: { outcome: 'empty', says: /without an event/, token: false },
  },
  {
    row: 16,
    name: 'empty-chunked',
    over: WIRES,
    play: stream(),
    expected: { outcome: 'empty', token: false },
  },
  {
    row: 16,
    name: 'no-content',
    over: WIRES,
    play: async (exchange) => {
      await exchange.head({ status: 204, framing: 'counted' });
      await exchange.end();
    },
    expected: { outcome: 'empty', status: 204, token: false },
  },
  {
    row: 16,
    name: 'comments-and-end',
    over: WIRES,
    play: stream(': one\n\n', ': two\n\n'),
    expected: { outcome: 'empty', token: false },
  },
  redirect(301),
  redirect(302),
  redirect(303),
  redirect(307),
  redirect(308),
  // Classes beside those of the table.
  status(null, 400, 'bad_request'),
  status(null, 422, 'bad_request'),
  status(null, 402, 'http_4xx'),
  status(null, 405, 'http_4xx'),
  status(null, 408, 'http_4xx'),
  status(null, 409, 'http_4xx'),
  status(null, 413, 'http_4xx'),
  status(null, 300, 'http_3xx'),
  status(null, 700, 'protocol', { over: HTTP1 }),
  {
    row: null,
    name: 'http-304',
    over: WIRES,
    play: async (exchange) => {
      await exchange.head({ status: 304, framing: 'counted' });
      await exchange.end();
    },
    expected: { outcome: 'http_3xx', status: 304, token: false },
  },
  {
    row: null,
    name: 'not-http',
    over: HTTP1,
    play: raw('SSH-2.0-OpenSSH_9.6\r\n'),
    expected: { outcome: 'protocol', says: /not proper HTTP/, status: null, token: false },
  },
  {
    row: null,
    name: 'broken-chunking',
    over: HTTP1,
    play: async (exchange) => {
      await exchange.head();
      await exchange.send(HELLO + FINISH);
      await exchange.peer?.write('zz\r\n');
    },
    expected: { outcome: 'protocol', token: true, answer: 'Hello' },
  },
  {
    row: null,
    name: 'two-lengths',
    over: HTTP1,
    play: raw('HTTP/1.1 200 OK\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nabcd'),
    expected: { outcome: 'protocol', status: null, token: false },
  },
];
