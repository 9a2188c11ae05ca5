import { Agent, request as httpRequest } from 'node:http';
import { brotliDecompressSync, constants, gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FAULTS, type FaultName } from '../../src/simulator/faults.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import {
  type Asking,
  askRaw,
  bodyOf,
  contentOf,
  eventually,
  headersOf,
  type RawReply,
  withSimulator,
} from './talking.ts';

const END_OF_CHUNKS = '\r\n0\r\n\r\n';
const DONE = 'data: [DONE]\n\n';

/** The body, its chunked framing undone as far as it is whole; the rest is dropped. */
function bodyIn({ text }: RawReply): string {
  const bodyAt = text.indexOf('\r\n\r\n') + 4;
  if (!/^transfer-encoding: chunked/im.test(text.slice(0, bodyAt))) return text.slice(bodyAt);
  let body = '';
  for (let at = bodyAt; ; ) {
    const lineEnd = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (lineEnd === -1 || !(size > 0) || text.length < lineEnd + 2 + size) return body;
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 4 + size;
  }
}

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');
const isWhole = ({ text }: RawReply): boolean => text.endsWith(END_OF_CHUNKS);
const statusOf = ({ text }: RawReply): number => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);

/** What is to be seen of a fault on the wire. */
interface Sign {
  fault: string;
  status?: number;
  ended?: RawReply['ended'];
  /** Whether the chunked body has its last chunk. */
  whole?: boolean;
  done?: boolean;
  listenMs?: number;
  asking?: Asking;
  holds?: (body: string, reply: RawReply) => void;
}

const has =
  (...patterns: RegExp[]) =>
  (body: string, reply: RawReply): void => {
    for (const pattern of patterns) expect(body || reply.text).toMatch(pattern);
  };

const ANSWERS: Sign[] = [
  ...([400, 401, 403, 404, 408, 422, 500, 503] as const).map((status) => ({
    fault: String(status),
    status,
    holds: has(/^\{"error":\{"message":"Simulated: /),
  })),
  {
    fault: '429;retry_after=7',
    status: 429,
    holds: (_, r) => expect(r.text).toMatch(/retry-after: 7/),
  },
  { fault: 'html', status: 200, holds: has(/^<!doctype html>/) },
  { fault: 'json_error', status: 200, holds: has(/^\{"error"/) },
  {
    fault: 'empty',
    status: 200,
    holds: (body, { text }) => {
      expect(body).toBe('');
      expect(text).toMatch(/content-type: text\/event-stream/);
    },
  },
  {
    fault: 'redirect;location=http://127.0.0.1:9/x',
    status: 307,
    holds: (_, { text }) => expect(text).toMatch(/^location: http:\/\/127\.0\.0\.1:9\/x\r$/m),
  },
  { fault: 'echo_key', status: 401, holds: has(/provided: Bearer sk-test/) },
];

const STREAMS: Sign[] = [
  {
    fault: 'reset_mid_stream',
    ended: 'reset',
    whole: false,
    done: false,
    holds: has(/"content":"[^"]/),
  },
  {
    fault: 'truncated;after=2',
    done: false,
    holds: (body) => expect(body.match(/data:/g)).toHaveLength(3),
  },
  { fault: 'truncated_json', done: false, holds: (body) => expect(body).not.toMatch(/\n$/) },
  { fault: 'truncated_chunked', ended: 'fin', whole: false, done: false, holds: has(/\}\n\n$/) },
  {
    fault: 'truncated_length',
    ended: 'fin',
    whole: false,
    done: false,
    holds: (body, { text }) => {
      const promised = Number(/content-length: (\d+)/.exec(text)?.[1]);
      expect(body.length).toBeGreaterThan(0);
      expect(promised).toBeGreaterThan(body.length);
    },
  },
  { fault: 'finish_no_done', done: false, holds: has(/"finish_reason":"stop"/, /"usage"/) },
  {
    fault: 'slow_headers',
    ended: 'open',
    whole: false,
    done: false,
    listenMs: 150,
    holds: (_, { text }) => expect(text).toBe(''),
  },
  {
    fault: 'slow_first_token',
    ended: 'open',
    whole: false,
    done: false,
    listenMs: 150,
    holds: (body, reply) => {
      expect(statusOf(reply)).toBe(200);
      expect(body).not.toMatch(/"content":"[^"]/);
    },
  },
  { fault: 'slow_first_token;ms=30', done: true },
  { fault: 'slow_headers;ms=30', done: true },
  {
    fault: 'stall;after=2',
    ended: 'open',
    whole: false,
    done: false,
    listenMs: 250,
    holds: (body) => expect(body.match(/data:/g)).toHaveLength(3),
  },
  { fault: 'stall;after=2;ms=30', done: true },
  {
    fault: 'infinite;ms=1',
    ended: 'open',
    whole: false,
    done: false,
    listenMs: 500,
    asking: { body: { max_tokens: 2 } },
    holds: (body) => expect(body.match(/and so on/g)?.length).toBeGreaterThan(20),
  },
  { fault: 'huge_line;bytes=100000', done: false, holds: has(/\n\ndata: x{100000}$/) },
  {
    fault: 'stream_error_before',
    done: false,
    holds: (body) => {
      expect(body).toMatch(/data: \{"error":\{"message":"Simulated/);
      expect(body).not.toMatch(/"content":"[^"]/);
    },
  },
  {
    fault: 'stream_error_after;done=1',
    done: true,
    holds: has(/"content":"[^"]/, /\n\ndata: \{"error":/),
  },
  { fault: 'flat_error', done: true, holds: has(/data: \{"object":"error"/) },
  {
    fault: 'malformed_json',
    done: true,
    holds: has(/\n\ndata: \{"choices":\[\{"delta":\{"con\n\n/),
  },
  { fault: 'invalid_utf8', done: true, holds: has(/\u00ff\u00c3"/) },
  {
    fault: 'split_bytes',
    holds: (body, { text }) => {
      expect(utf8(body)).toMatch(/"é漢🙂/);
      expect(body).toMatch(/\[DONE\]\r\n\r\n$/);
      // Every HTTP chunk holds one byte, so CR and LF of an event come apart.
      expect(text).toContain('1\r\n\r\r\n1\r\n\n\r\n');
    },
  },
  {
    fault: 'u2028',
    done: true,
    holds: (body) => expect(utf8(body)).toMatch(/"content":"\u2028\u0085/),
  },
  {
    fault: 'crlf',
    holds: (body) => {
      expect(body.endsWith('data: [DONE]\r\n\r\n')).toBe(true);
      expect(body).not.toMatch(/[^\r]\n/);
    },
  },
  { fault: 'duplicate_done', done: true, holds: has(/\[DONE\]\n\ndata: \[DONE\]\n\n$/) },
  { fault: 'events_after_done', holds: has(/\[DONE\]\n\ndata: \{.*late.*\}\n\n$/) },
  { fault: 'fake_done', done: false, holds: has(/data: \[DONE\] x\n\n$/) },
  { fault: 'done_without_blank_line', done: false, holds: has(/data: \[DONE\]\n$/) },
  { fault: 'open_after_done', ended: 'open', whole: false, done: true, listenMs: 400 },
  { fault: 'reset_after_done', ended: 'reset', whole: false, done: true },
  { fault: 'no_usage', done: true, holds: (body) => expect(body).not.toMatch(/"usage"/) },
  {
    fault: 'wrong_usage',
    done: true,
    holds: has(/"completion_tokens":0,.*"reasoning_tokens":381/),
  },
  { fault: 'wrong_usage;factor=1000', done: true, holds: has(/"completion_tokens":\d+000,/) },
  { fault: 'null_choices', done: true, holds: has(/"choices":null/, /"delta":null/) },
  {
    fault: 'comments;count=2;ms=5',
    done: true,
    holds: has(/: keep-alive\n\n: keep-alive\n\ndata: .*"content":"\w/),
  },
  {
    fault: 'comments_forever;ms=5',
    ended: 'open',
    whole: false,
    done: false,
    listenMs: 200,
    holds: has(/^(: keep-alive\n\n){2,}$/),
  },
  { fault: 'ping_events', done: true, holds: has(/\nevent: ping\n\nevent: ping\ndata: \{/) },
  { fault: 'bom', done: true, holds: (body) => expect(utf8(body)).toMatch(/^\ufeffdata: /) },
  {
    fault: 'buffered',
    done: true,
    holds: (_, { text }) => expect(text.match(/^[0-9a-f]+\r$/gm)).toHaveLength(2),
  },
  {
    fault: 'gzip',
    holds: (body, { text }) => {
      expect(text).toMatch(/content-encoding: gzip/);
      expect(gunzipSync(Buffer.from(body, 'latin1')).toString().endsWith(DONE)).toBe(true);
    },
  },
  {
    fault: 'brotli',
    holds: (body, { text }) => {
      expect(text).toMatch(/content-encoding: br/);
      const finishFlush = constants.BROTLI_OPERATION_FINISH;
      const plain = brotliDecompressSync(Buffer.from(body, 'latin1'), { finishFlush });
      expect(plain.toString().endsWith(DONE)).toBe(true);
    },
  },
  {
    fault: 'two_choices',
    done: true,
    holds: has(/"index":0,"delta":\{"content/, /"index":1,"delta":\{"content/),
  },
  {
    fault: 'text_after_finish',
    done: true,
    holds: has(/"finish_reason":"stop".*\n\ndata: .*" Late\."/),
  },
  {
    fault: 'no_tokens',
    done: true,
    holds: (body) => {
      expect(body).toMatch(/"completion_tokens":0/);
      expect(body).not.toMatch(/"content":"[^"]/);
    },
  },
  {
    fault: 'flood_events;count=5000',
    done: true,
    holds: (body) => expect(body.match(/\{"choices":\[\]\}/g)).toHaveLength(5000),
  },
  {
    fault: 'many_headers',
    done: true,
    holds: (_, { text }) => expect(text.indexOf('\r\n\r\n')).toBeGreaterThan(80 * 1024),
  },
  {
    fault: 'think_close_only',
    done: true,
    asking: { model: 'DeepSeek-R1-Distill-Llama-8B' },
    holds: (body) => {
      expect(contentOf(body)).not.toContain('<think>');
      expect(contentOf(body)).toMatch(/^\w[^<]*<\/think>\n\n\w/);
    },
  },
];

async function showsItself(simulator: Simulator, sign: Sign): Promise<void> {
  const asking = { ...sign.asking, fault: sign.fault };
  const reply = await askRaw(simulator, asking, sign.listenMs);
  const body = bodyIn(reply);
  expect(reply.ended).toBe(sign.ended ?? 'fin');
  if (sign.status !== undefined) expect(statusOf(reply)).toBe(sign.status);
  if (sign.whole !== undefined) expect(isWhole(reply)).toBe(sign.whole);
  if (sign.done !== undefined) expect(body.endsWith(DONE)).toBe(sign.done);
  sign.holds?.(body, reply);
}

describe('answers in the place of the model', () => {
  test.each(ANSWERS)('$fault', (sign) =>
    withSimulator({}, (simulator) => showsItself(simulator, sign)),
  );

  test('reset_pre_headers', () =>
    withSimulator({}, async (simulator) => {
      const reply = await askRaw(simulator, { fault: 'reset_pre_headers' });
      expect(reply).toEqual({ text: '', ended: 'reset' });
    }));

  test('an unknown fault is told', () =>
    withSimulator({}, async (simulator) => {
      const reply = await askRaw(simulator, { fault: 'stal' });
      expect([statusOf(reply), bodyIn(reply)]).toEqual([400, expect.stringContaining("'stal'")]);
    }));
});

describe('spoilt streams', () => {
  test.each(STREAMS)('$fault', (sign) =>
    withSimulator({}, (simulator) =>
      showsItself(
        simulator,
        sign.ended === undefined && sign.whole === undefined ? { ...sign, whole: true } : sign,
      ),
    ),
  );
});

describe('a kept-alive connection', () => {
  /** Asks twice over one agent that keeps a single socket; says how the second went. */
  async function askTwice(simulator: Simulator, fault: string, betweenMs: number): Promise<string> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const once = (asking: Asking): Promise<string> =>
      new Promise((resolve) => {
        const url = new URL('/v1/chat/completions', simulator.url);
        const sending = httpRequest(
          url,
          { method: 'POST', agent, headers: headersOf(asking) },
          (response) => {
            expect(response.headers.connection).toBe('keep-alive');
            response.resume();
            response.on('end', () => resolve(sending.reusedSocket ? 'reused' : 'new socket'));
          },
        );
        sending.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
        sending.end(bodyOf(asking));
      });
    await once({ fault });
    await new Promise((resolve) => setTimeout(resolve, betweenMs));
    const second = await once({});
    agent.destroy();
    return second;
  }

  test.each([
    ['bom', 0, 'reused'],
    ['close_on_reuse', 0, 'ECONNRESET'],
    ['close_idle', 100, 'new socket'],
  ])('%s', (fault, betweenMs, expected) =>
    withSimulator({}, async (simulator) => {
      expect(await askTwice(simulator, fault, betweenMs)).toBe(expected);
    }),
  );

  test('that is to be closed later, but is in use again by then, is left alone', () =>
    withSimulator({ logRequests: true, profile: 'slow' }, async (simulator) => {
      // The second reply takes far longer than the 20 ms after which the first was to be followed by a close.
      expect(await askTwice(simulator, 'close_idle;ms=20', 0)).toBe('reused');
      await eventually(() => simulator.stats().log.length === 2);
      expect(simulator.stats().log[1]).toMatchObject({ fault: null, ended: 'finished' });
    }));
});

test('no fault is untested', () => {
  const elsewhere: FaultName[] = ['reset_pre_headers', 'close_idle', 'close_on_reuse'];
  const tested = new Set([...ANSWERS, ...STREAMS].map(({ fault }) => fault.split(';')[0]));
  const untested = FAULTS.filter(({ name }) => !tested.has(name) && !elsewhere.includes(name));
  expect(untested).toEqual([]);
});

test('faults by rule reach the requests they are about', () =>
  withSimulator({ faults: [{ fault: '503', model: 'DeepSeek-R1', nth: 2 }] }, async (simulator) => {
    const statuses: number[] = [];
    for (const model of ['DeepSeek-R1', 'Qwen2.5-7B-chat', 'DeepSeek-R1', 'DeepSeek-R1']) {
      statuses.push(statusOf(await askRaw(simulator, { model })));
    }
    expect(statuses).toEqual([200, 200, 503, 200]);
  }));
