// From a tape to its record: one class each, no false success, figures that can be.
import assert from 'node:assert/strict';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { inflateTape } from '../../../dist/decode/inflate.js';
import { outcomeOf } from '../../../dist/decode/outcome.js';
import { decodeTape } from '../../../dist/decode/reply.js';
import { OUTCOMES } from '../../../dist/decode/types.js';
import { takeIn } from '../../../dist/run/intake.js';
import { createRedactor } from '../../../dist/secrets.js';
import { lineToTape, tapeToLine } from '../../../dist/store/tape-line.js';
import { referenceSse } from '../reference-sse.mjs';
import { bodies, tapes } from '../replies.mjs';
import { PLANNED, TARGET } from '../samples.mjs';

/** @param {any} tape @param {'openai' | 'content'} [dialect] */
function take(tape, dialect = 'openai') {
  const model = TARGET.models[0];
  const target = { ...TARGET, dialect };
  return takeIn(PLANNED, tape, {
    target,
    model,
    redactor: createRedactor([]),
    keepText: true,
    bodyBytes: 1 << 26,
  });
}

/**
 * The rule of success, stated again without a line of the product: a 2xx event stream that was not given
 * up, all of whose messages are JSON without an error, in which something was said, and that was ended.
 * @param {any} tape
 */
function mayBeOk(tape) {
  const type = (tape.headers['content-type'] ?? '').split(/[;,]/)[0].trim().toLowerCase();
  if (tape.end.how === 'abort' || tape.status === null) return false;
  if (tape.status < 200 || tape.status > 299 || type !== 'text/event-stream') return false;
  const { events, pending, pendingEvent } = referenceSse(tape.body);
  let said = false;
  let finished = false;
  for (const { event, data } of events) {
    if (event === 'error') return false;
    if (event !== 'message' || data === '') continue;
    if (data === '[DONE]') return said;
    let json;
    try {
      json = JSON.parse(data);
    } catch {
      return false;
    }
    if (json === null || typeof json !== 'object' || Array.isArray(json)) continue;
    if (json.object === 'error' || (json.error && json.error !== '')) return false;
    const choices = Array.isArray(json.choices) ? json.choices : [];
    if (holdsText(choices.map((/** @type {any} */ one) => [one?.delta, one?.message, one?.text])))
      said = true;
    if (
      choices.some(
        (/** @type {any} */ one) =>
          typeof one?.finish_reason === 'string' && one.finish_reason !== '',
      )
    )
      finished = true;
  }
  if (pending === '[DONE]' && pendingEvent === 'message') return said;
  return said && finished && tape.end.how !== 'error';
}

/** @param {any} value @returns {boolean} */
function holdsText(value) {
  if (typeof value === 'string') return value !== '';
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsText);
}

/** @type {import('./index.mjs').Check<any>} */
const outcome = {
  name: 'outcome',
  about: 'exactly one class, ok only where the rule of success holds, a message of one line else',
  batch: 300,
  prepare: ({ streams }) => ({
    input: tapes(bodies(streams)),
    run: (tape) => {
      for (const dialect of /** @type {const} */ (['openai', 'content'])) {
        const reply = decodeTape(tape, dialect);
        const found = outcomeOf(tape, reply);
        assert.ok(OUTCOMES.includes(found.class), found.class);
        assert.equal(
          found.message === null,
          found.class === 'ok',
          'a message where it is not ok, and only there',
        );
        if (found.message !== null) {
          assert.ok(found.message.length > 0 && found.message.length <= 500);
          assert.doesNotMatch(found.message, /[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
        }
        if (dialect === 'openai' && found.class === 'ok')
          assert.ok(mayBeOk(tape), 'a false success');
        assert.deepEqual(outcomeOf(tape, decodeTape(tape, dialect)), found, 'twice the same');
      }
    },
  }),
  show: shownTape,
};

/** @type {import('./index.mjs').Check<any>} */
const figures = {
  name: 'figures',
  about: 'figures of a record are finite, none below 0, instants in their order and those of reads',
  batch: 300,
  prepare: ({ streams }) => ({
    input: tapes(bodies(streams)),
    run: async (tape) => {
      const { record, reply } = await take(tape);
      for (const [name, value] of Object.entries(record)) {
        if (typeof value !== 'number') continue;
        assert.ok(Number.isFinite(value), `${name} is ${value}`);
        if (!['token_difference'].includes(name) && !name.startsWith('litellm_'))
          assert.ok(value >= 0, `${name} is ${value}`);
      }
      const order = [reply.firstEventMs, reply.firstTokenMs, reply.lastTokenMs].filter(
        (ms) => ms !== null,
      );
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
      );
      const reads = new Set(
        Array.from(tape.arrivalsMs, (/** @type {number} */ ms) => Math.round(ms * 1000) / 1000),
      );
      for (const ms of [...order, reply.firstAnswerMs, reply.firstReasoningMs])
        assert.ok(ms === null || reads.has(ms));
      const instants = reply.tokenEvents.map(({ atMs }) => atMs);
      assert.deepEqual(
        instants,
        instants.toSorted((a, b) => a - b),
      );
      assert.equal(record.token_chunks, instants.length);
      assert.ok(record.token_source !== 'usage' || record.output_tokens !== null);
      assert.equal(record.token_source === 'unknown', record.output_tokens === null);
      const { output_tokens: output, reasoning_tokens: reasoning } = record;
      if (output !== null && reasoning !== null)
        assert.ok(reasoning <= output, 'more reasoning than output');
      if (record.outcome !== 'ok') assert.equal(record.tpot_ms, null);
      // What is written is what is read again: no NaN, no undefined, no lone surrogate that JSON loses.
      assert.deepEqual(JSON.parse(JSON.stringify(record)), record);
    },
  }),
  show: shownTape,
};

/** @type {import('./index.mjs').Check<any>} */
const texts = {
  name: 'texts',
  about: 'the text of a reply is what JSON.parse makes of its events, none lost and none twice',
  batch: 300,
  prepare: ({ streams }) => ({
    input: tapes(bodies(streams)),
    run: (tape) => {
      const reply = decodeTape(tape, 'openai');
      if (reply.firstEventMs === null) return;
      let all = '';
      for (const { event, data } of referenceSse(tape.body).events) {
        if (event !== 'message') continue;
        if (data === '[DONE]') break;
        all += contentOf(data);
      }
      if (/<\/?think>/.test(all)) return;
      assert.equal(reply.answerText, all);
      const bytes = reply.tokenEvents.reduce((sum, { textBytes }) => sum + textBytes, 0);
      assert.ok(
        bytes >= Buffer.byteLength(reply.answerText) - 2 * reply.answerText.length,
        'bytes of text',
      );
    },
  }),
  show: shownTape,
};

/** Answer text of one event, by the plainest reading; parts of a list are joined. @param {string} data */
function contentOf(data) {
  let json;
  try {
    json = JSON.parse(data);
  } catch {
    return '';
  }
  const choices = Array.isArray(json?.choices) ? json.choices : [];
  const first = choices.find(
    (/** @type {any} */ one) =>
      one !== null && typeof one === 'object' && !Array.isArray(one) && (one.index ?? 0) === 0,
  );
  const isObject = (/** @type {any} */ value) =>
    value !== null && typeof value === 'object' && !Array.isArray(value);
  const said = isObject(first?.delta) ? first.delta : isObject(first?.message) ? first.message : {};
  const text = (/** @type {any} */ value) => (typeof value === 'string' ? value : '');
  const parts = Array.isArray(said.content)
    ? said.content
        .map((/** @type {any} */ one) =>
          typeof one === 'string'
            ? one
            : isObject(one) && one.type !== 'thinking' && one.type !== 'reasoning'
              ? partText(one)
              : Array.isArray(one)
                ? one.map((inner) => text(inner) || partText(inner)).join('')
                : '',
        )
        .join('')
    : text(said.content);
  return parts + text(said.refusal) + text(first?.text);
}

/** @param {any} part @returns {string} */
function partText(part) {
  if (part === null || typeof part !== 'object' || Array.isArray(part)) return '';
  for (const value of [part.text, part.content, part.summary, part.refusal, part.thinking]) {
    if (typeof value === 'string') return value;
  }
  return Array.isArray(part.thinking)
    ? part.thinking
        .map((/** @type {any} */ one) => (typeof one?.text === 'string' ? one.text : ''))
        .join('')
    : '';
}

/** @type {import('./index.mjs').Check<any>} */
const stored = {
  name: 'stored',
  about: 'tape to line to tape is the same tape, and gives the same record again',
  batch: 200,
  prepare: ({ streams }) => ({
    input: tapes(bodies(streams)),
    run: async (tape) => {
      const first = await take(tape);
      const line = JSON.stringify(tapeToLine(first.tape, true));
      const again = lineToTape(JSON.parse(line));
      assert.equal(JSON.stringify(tapeToLine(again, true)), line);
      assert.deepEqual(Buffer.from(again.body), Buffer.from(first.tape.body));
      assert.deepEqual((await take(again)).record, first.record);
    },
  }),
  show: shownTape,
};

/** @type {import('./index.mjs').Check<any>} */
const valid = {
  name: 'valid',
  about: 'a proper stream is ok whatever its framing and its parts, and any cut of it is not',
  batch: 50,
  prepare: () => ({
    input: fc.record({
      words: fc.array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 }),
      newline: fc.constantFrom('\n', '\r\n', '\r'),
      space: fc.constantFrom(' ', ''),
      cut: fc.nat({ max: 100_000 }),
      finished: fc.boolean(),
    }),
    run: ({ words, newline, space, cut, finished }) => {
      const end = newline + newline;
      const events = words
        .map(
          (/** @type {string} */ word) =>
            `data:${space}${JSON.stringify({ choices: [{ index: 0, delta: { content: word } }] })}${end}`,
        )
        .join('');
      const finish = finished
        ? `data:${space}{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}${end}`
        : '';
      const body = Buffer.from(`${events}${finish}data:${space}[DONE]${end}`);
      const whole = tapeOf(body);
      assert.equal(classOf(whole), 'ok');
      const at = cut % body.length;
      const untilDone = body.length - Buffer.byteLength(`${end}`);
      const part = tapeOf(body.subarray(0, at));
      // Cut where nobody closed the connection in order, so a finish_reason is no terminal.
      const torn = {
        ...part,
        end: { ...part.end, how: 'error', code: 'truncated', stage: 'body' },
      };
      assert.equal(classOf(torn) === 'ok', at >= untilDone, `cut at ${at}`);
    },
  }),
};

/** @param {Buffer} body */
function tapeOf(body) {
  return {
    requestId: 'r',
    originNs: '1',
    scheduledMs: 0,
    startedMs: 0,
    turnDelayMs: null,
    dnsMs: null,
    tcpMs: null,
    connectedMs: 0,
    headersMs: 1,
    end: { atMs: 10, how: 'complete', code: null, stage: null, message: null },
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    protocol: 'http/1.1',
    staleSocketRedials: 0,
    arrivalsMs: Float64Array.of(5),
    arrivalBytes: Uint32Array.of(body.length),
    body,
  };
}

/** @param {any} tape */
function classOf(tape) {
  return outcomeOf(tape, decodeTape(tape, 'openai')).class;
}

/** @type {import('./index.mjs').Check<any>} */
const coded = {
  name: 'coded',
  about:
    'a compressed body gives what the plain one does; a broken one ends in a class and keeps its reads',
  prepare: ({ streams }) => ({
    input: fc.record({
      tape: tapes(bodies(streams)),
      coding: fc.constantFrom(
        'gzip',
        'x-gzip',
        'deflate',
        'raw',
        'br',
        'gzip, gzip',
        'identity',
        'zip',
        'GZIP,',
        'br, gzip',
      ),
      hurt: fc.option(
        fc.record({ at: fc.nat({ max: 100_000 }), how: fc.constantFrom('flip', 'cut', 'garbage') }),
      ),
    }),
    run: async ({ tape, coding, hurt }) => {
      if (tape.status === null) return;
      const header = coding === 'raw' ? 'deflate' : coding;
      let body = packed(tape.body, coding);
      if (hurt !== null && body.length > 0) {
        const at = hurt.at % body.length;
        if (hurt.how === 'cut') body = body.subarray(0, at);
        else if (hurt.how === 'garbage') body = Buffer.concat([body, Buffer.from('garbage')]);
        else
          body = Buffer.from(
            body.map((/** @type {number} */ byte, /** @type {number} */ index) =>
              index === at ? byte ^ 0x55 : byte,
            ),
          );
      }
      const half = Math.floor(body.length / 2);
      const sizes = [half, body.length - half].filter((size) => size > 0);
      const sent = {
        ...tape,
        body,
        arrivalBytes: Uint32Array.from(sizes),
        arrivalsMs: Float64Array.from(sizes, (_size, read) => 10 + read),
        end: { ...tape.end, atMs: 20 },
        headers: { ...tape.headers, 'content-encoding': header },
      };
      const inflated = await inflateTape(sent, 1 << 20);
      const bytes = inflated.arrivalBytes.reduce(
        (/** @type {number} */ sum, /** @type {number} */ one) => sum + one,
        0,
      );
      assert.equal(bytes, inflated.body.length, 'bytes of the reads');
      assert.equal(inflated.arrivalBytes.length, inflated.arrivalsMs.length);
      const found = outcomeOf(inflated, decodeTape(inflated, 'openai'));
      if (found.class === 'ok') assert.ok(mayBeOk(inflated));
      if (hurt === null && coding !== 'zip') {
        assert.deepEqual(Buffer.from(inflated.body), Buffer.from(tape.body));
        assert.equal(inflated.end.how, tape.end.how);
      }
      await take(sent);
    },
  }),
};

/** @param {Buffer} body @param {string} coding */
function packed(body, coding) {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
    case 'GZIP,':
      return gzipSync(body);
    case 'gzip, gzip':
      return gzipSync(gzipSync(body));
    case 'br, gzip':
      return gzipSync(brotliCompressSync(body));
    case 'deflate':
      return deflateSync(body);
    case 'raw':
      return deflateRawSync(body);
    case 'br':
      return brotliCompressSync(body);
    default:
      return body;
  }
}

/** @param {any} tape */
function shownTape(tape) {
  return JSON.stringify({
    ...tape,
    body: Buffer.from(tape.body).toString('latin1'),
    arrivalsMs: [...tape.arrivalsMs],
    arrivalBytes: [...tape.arrivalBytes],
  });
}

/** @type {import('./index.mjs').Target} */
export const replies = { name: 'replies', checks: [outcome, figures, texts, stored, valid, coded] };
