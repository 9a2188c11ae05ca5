// Replies as endpoints write them, and nearly so; and tapes of them.
import fc from 'fast-check';
import { jsonMutated, mutated } from './mutate.mjs';

const text = fc.oneof(
  fc.constantFrom(
    'a',
    ' ',
    '',
    'é',
    '<think>',
    '</think>',
    '<th',
    'ink>',
    '\n',
    '"',
    '\\',
    '\u2028',
    '😀',
    '\ud800',
    'stop',
    'a~',
  ),
  fc.string({ maxLength: 8, unit: 'grapheme' }),
);
const count = fc.oneof(
  fc.nat({ max: 50 }),
  fc.constantFrom(0, -1, 1.5, 2 ** 53 - 1, 2 ** 53, '5', null),
);
const usage = fc.record(
  {
    prompt_tokens: count,
    completion_tokens: count,
    completion_tokens_details: fc.oneof(fc.constant(null), fc.record({ reasoning_tokens: count })),
    input_tokens: count,
    output_tokens: count,
    reasoning_tokens: count,
    prompt_tokens_details: fc.record({ cached_tokens: count }),
  },
  { requiredKeys: [] },
);
const part = fc.record(
  {
    type: fc.constantFrom('text', 'thinking', 'reasoning', 'x'),
    text,
    thinking: fc.oneof(text, fc.array(fc.record({ text }), { maxLength: 2 })),
  },
  { requiredKeys: [] },
);
const toolCall = fc.record(
  {
    index: fc.oneof(fc.nat({ max: 2 }), fc.constantFrom(null, -1, 1.5, '0', 2 ** 53)),
    id: fc.oneof(text, fc.constant(null)),
    function: fc.record({ name: text, arguments: text }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const delta = fc.record(
  {
    role: fc.constant('assistant'),
    content: fc.oneof(
      { arbitrary: text, weight: 5 },
      { arbitrary: fc.constant(null), weight: 1 },
      { arbitrary: fc.array(part, { maxLength: 2 }), weight: 1 },
    ),
    reasoning_content: text,
    reasoning: text,
    refusal: text,
    tool_calls: fc.array(toolCall, { maxLength: 2 }),
    function_call: fc.record({ name: text, arguments: text }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const choice = fc.record(
  {
    index: fc.constantFrom(0, 0, 0, 1, null, '0'),
    delta,
    message: delta,
    text,
    finish_reason: fc.constantFrom(null, null, null, 'stop', 'length', '', 'tool_calls', 1),
    usage,
  },
  { requiredKeys: ['index', 'delta'] },
);
const error = fc.oneof(
  text,
  fc.constantFrom(null, false, true, 0, {}, []),
  fc.record(
    { message: text, code: fc.oneof(text, fc.integer(), fc.constant(null)) },
    { requiredKeys: [] },
  ),
  fc.array(fc.record({ msg: text }), { maxLength: 1 }),
);

/** One event's JSON of the OpenAI dialect. */
export const chunk = fc.oneof(
  {
    arbitrary: fc.record({
      id: fc.constant('c'),
      choices: fc.array(choice, { minLength: 1, maxLength: 1 }),
    }),
    weight: 6,
  },
  {
    arbitrary: fc.record(
      {
        choices: fc.oneof(
          fc.constantFrom([], null),
          fc.array(fc.oneof(choice, fc.constantFrom(null, 1, 'x')), { maxLength: 3 }),
        ),
        usage: fc.oneof(usage, fc.constant(null)),
        error,
        object: fc.constantFrom('error', 'chat.completion.chunk'),
        message: text,
        code: fc.integer(),
      },
      { requiredKeys: [] },
    ),
    weight: 2,
  },
  { arbitrary: fc.record({ content: text, error }, { requiredKeys: [] }), weight: 1 },
);
const DELTA =
  '{"id":"c","choices":[{"index":0,"delta":{"content":"abc"},"finish_reason":null}],"usage":{"prompt_tokens":1,"completion_tokens":3}}';
const event = fc.oneof(
  { arbitrary: chunk.map((json) => `data: ${JSON.stringify(json)}\n\n`), weight: 8 },
  {
    arbitrary: jsonMutated([DELTA, DELTA.replace('content', 'reasoning_content')]).map(
      (json) => `data: ${json}\n\n`,
    ),
    weight: 2,
  },
  {
    arbitrary: text.map(
      (each) => `data: ${DELTA.replace('abc', JSON.stringify(each).slice(1, -1))}\n\n`,
    ),
    weight: 3,
  },
  {
    arbitrary: fc.constantFrom(
      'data: [DONE]\n\n',
      ': keep-alive\n\n',
      'event: ping\n\n',
      'event: ping\ndata: {}\n\n',
      'event: error\ndata: {"message":"x"}\n\n',
      'event: error\ndata: x\n\n',
      'data:\n\n',
      'data: x\n\n',
      'data: [DONE] x\n\n',
      'data: 1\n\n',
      'data: null\n\n',
      'data: []\n\n',
      'data: "[DONE]"\n\n',
      'data: {"choices":\ndata: []}\n\n',
    ),
    weight: 2,
  },
);
const ending = fc.constantFrom(
  'data: [DONE]\n\n',
  'data: [DONE]\n\n',
  'data: [DONE]\n\n',
  'data: [DONE]',
  'data: [DONE]\n',
  '',
  'data: {"cho',
  'event: ping\ndata: [DONE]',
  'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
);

/** @param {readonly Buffer[]} streams @returns {fc.Arbitrary<Buffer>} */
export function bodies(streams) {
  const written = fc
    .tuple(fc.array(event, { maxLength: 12 }), ending)
    .map(([events, end]) => Buffer.from(events.join('') + end));
  return fc.oneof({ arbitrary: written, weight: 4 }, { arbitrary: mutated(streams), weight: 1 });
}

const ENDS = [
  { how: 'complete', code: null, stage: null, message: null },
  { how: 'complete', code: null, stage: null, message: null },
  { how: 'complete', code: null, stage: null, message: null },
  { how: 'done', code: null, stage: null, message: null },
  { how: 'done', code: 'ECONNRESET', stage: 'body', message: null },
  { how: 'error', code: 'ECONNRESET', stage: 'body', message: 'read ECONNRESET' },
  { how: 'error', code: 'truncated', stage: 'body', message: null },
  { how: 'error', code: null, stage: null, message: null },
  { how: 'error', code: 'constructor', stage: 'headers', message: 'x\u0000y' },
  { how: 'error', code: 'ENOTFOUND', stage: 'connect', message: null },
  { how: 'abort', code: 'ttft_timeout', stage: null, message: null },
  { how: 'abort', code: 'stalled', stage: null, message: null },
  { how: 'abort', code: '__proto__', stage: null, message: null },
  { how: 'abort', code: null, stage: null, message: null },
];
const STATUSES = [
  200,
  200,
  200,
  200,
  200,
  200,
  201,
  204,
  206,
  299,
  301,
  304,
  400,
  401,
  403,
  404,
  408,
  418,
  422,
  429,
  500,
  503,
  599,
  600,
  999,
  null,
];
const TYPES = [
  'text/event-stream',
  'text/event-stream',
  'text/event-stream',
  'text/event-stream; charset=utf-8',
  'Text/Event-Stream',
  ' text/event-stream ,x',
  'text/html',
  'application/json',
  '',
  null,
];

/**
 * Tapes of these bodies: cut into reads, with instants, a head and an end.
 * @param {fc.Arbitrary<Buffer>} body
 * @returns {fc.Arbitrary<any>}
 */
export function tapes(body) {
  return fc
    .record({
      body,
      cuts: fc.array(fc.nat({ max: 400 }), { maxLength: 20 }),
      gaps: fc.array(fc.constantFrom(0, 0, 0.001, 1, 4, 6, 30, 1e6), {
        minLength: 1,
        maxLength: 8,
      }),
      status: fc.constantFrom(...STATUSES),
      type: fc.constantFrom(...TYPES),
      end: fc.constantFrom(...ENDS),
      headers: fc.dictionary(
        fc.constantFrom(
          'x-litellm-attempted-retries',
          'x-litellm-overhead-duration-ms',
          'x-litellm-cache-key',
          'llm_provider-x',
          'constructor',
          '__proto__',
          'location',
        ),
        fc.constantFrom('1', '-1', '1e999', 'x', '', ' 2 ', '0x10', 'Infinity'),
        { maxKeys: 2 },
      ),
      protocol: fc.constantFrom('http/1.1', 'h2', null),
      late: fc.option(
        fc.array(fc.tuple(fc.constantFrom(0, 10, 30), fc.constantFrom(0, 2.5)), { maxLength: 2 }),
      ),
      connected: fc.boolean(),
    })
    .map(({ body: bytes, cuts, gaps, status, type, end, headers, protocol, late, connected }) => {
      const none = status === null;
      const sizes = none ? [] : readSizes(bytes.length, cuts);
      let atMs = 10;
      const arrivalsMs = Float64Array.from(sizes, (_size, read) => {
        atMs += gaps[read % gaps.length] ?? 0;
        return atMs;
      });
      /** @type {Record<string, string>} */
      const named = { ...headers };
      if (type !== null && !none) named['content-type'] = type;
      return {
        requestId: 'r00001',
        originNs: '1000000000',
        scheduledMs: -1.5,
        startedMs: 2.25,
        turnDelayMs: null,
        dnsMs: null,
        tcpMs: connected ? 0.5 : null,
        connectedMs: connected ? 0.75 : null,
        headersMs: none ? null : 5,
        end: { atMs: atMs + 1, ...end },
        status,
        headers: none ? {} : named,
        protocol,
        staleSocketRedials: 0,
        ...(late !== null && { lateMoments: late }),
        arrivalsMs,
        arrivalBytes: Uint32Array.from(sizes),
        body: none ? Buffer.alloc(0) : bytes,
      };
    });
}

/**
 * @param {number} length
 * @param {readonly number[]} cuts
 */
function readSizes(length, cuts) {
  const sizes = [];
  let left = length;
  for (const cut of cuts) {
    const size = Math.min(cut, left);
    if (size === 0) continue;
    sizes.push(size);
    left -= size;
  }
  if (left > 0) sizes.push(left);
  return sizes;
}
