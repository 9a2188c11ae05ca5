import type { Tape } from '../capture/tape.ts';
import { excerpt } from './excerpt.ts';
import { isEventStream, isSuccess, mediaType } from './headers.ts';
import { classifyStatus, describeBody, describeResponse } from './http-status.ts';
import { classifyTransport, describeEnd } from './transport.ts';
import type { DecodedReply, Outcome, OutcomeClass } from './types.ts';

const MESSAGE_LENGTH_MAX = 500;
const NOT_SSE_LENGTH_MAX = 200;

const ABORT_CLASSES: ReadonlySet<string> = new Set<OutcomeClass>([
  'cancelled',
  'connect_timeout',
  'ttft_timeout',
  'stalled',
  'total_timeout',
  'limit_exceeded',
  'client_limit',
]);

/**
 * The one class that a request ends in. Where several things are true, the first of this order
 * decides: our own abort, an HTTP status, what is no event stream, an error in the stream, an
 * event that could not be read, `[DONE]`, a transport error, what is missing at the end.
 * @param reply `tape`, decoded
 * @param options.expectsSilence the case wants no token, so that `no_tokens` is `ok`
 * @returns its message is one line of at most 500 characters
 * @see docs/metrics.md#outcomes
 */
export function outcomeOf(
  tape: Tape,
  reply: DecodedReply,
  options: { expectsSilence?: boolean } = {},
): Outcome {
  const outcome = ofAbort(tape) ?? ofResponse(tape) ?? ofStream(tape, reply, options);
  if (outcome.message === null) return outcome;
  return { class: outcome.class, message: excerpt(outcome.message, MESSAGE_LENGTH_MAX) };
}

function ofAbort({ end, status }: Tape): Outcome | undefined {
  if (end.how !== 'abort') return undefined;
  const outcome = isAbortClass(end.code) ? end.code : 'cancelled';
  const message = describeEnd(outcome, end);
  const failedStatus = status !== null && !isSuccess(status);
  return { class: outcome, message: failedStatus ? `${message} (after HTTP ${status})` : message };
}

function isAbortClass(code: string | null): code is OutcomeClass {
  return code !== null && ABORT_CLASSES.has(code);
}

/** What the response's head decides, however its body ended. */
function ofResponse(tape: Tape): Outcome | undefined {
  if (tape.status === null) return ofTransport(tape);
  if (!isSuccess(tape.status)) {
    return { class: classifyStatus(tape.status), message: describeResponse(tape) };
  }
  if (isEventStream(tape)) return undefined;
  if (tape.body.length > 0) return { class: 'not_sse', message: describeNotSse(tape) };
  return tape.end.how === 'error' ? ofTransport(tape) : emptyBody(tape);
}

function describeNotSse(tape: Tape): string {
  const type = mediaType(tape.headers) || 'a body without a content-type';
  const message = `${type} in place of an event stream: ${describeBody(tape)}`;
  return excerpt(message, NOT_SSE_LENGTH_MAX);
}

function ofStream(tape: Tape, reply: DecodedReply, options: { expectsSilence?: boolean }): Outcome {
  if (reply.streamError !== null) {
    return { class: 'stream_error', message: reply.streamError.message };
  }
  if (reply.malformed !== null) {
    return { class: 'malformed_json', message: `an event is not JSON: \`${reply.malformed}\`` };
  }
  const marked = reply.terminal === 'done' || reply.terminal === 'lenient_done';
  if (!marked && tape.end.how === 'error') return ofTransport(tape);
  if (reply.terminal === null) return ofMissingEnd(tape, reply);
  if (reply.tokenEvents.length > 0 || options.expectsSilence) return { class: 'ok', message: null };
  return { class: 'no_tokens', message: 'the stream ended properly without a token' };
}

/** No terminal: something began and broke off, or nothing came at all. */
function ofMissingEnd(tape: Tape, reply: DecodedReply): Outcome {
  if (reply.events === 0 && reply.torn === undefined) return emptyBody(tape);
  const where = reply.torn === undefined ? '' : `, inside an event: ${reply.torn}`;
  return {
    class: 'truncated',
    message: `the stream ended without [DONE] or a finish_reason${where}`,
  };
}

function emptyBody(tape: Tape): Outcome {
  const head = `HTTP ${tape.status} without an event`;
  const body = tape.body.length > 0 ? describeBody(tape) : '';
  return { class: 'empty', message: body === '' ? head : `${head}: ${body}` };
}

function ofTransport(tape: Tape): Outcome {
  const outcome = classifyTransport(tape);
  return { class: outcome, message: describeEnd(outcome, tape.end) };
}
