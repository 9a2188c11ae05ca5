import type { Tape } from '../capture/tape.ts';
import { errorInBody } from './error-body.ts';
import { excerpt } from './excerpt.ts';
import { parseJson } from './parse-json.ts';
import type { OutcomeClass } from './types.ts';

const CLASS_OF_STATUS: Record<number, OutcomeClass> = {
  301: 'redirect',
  302: 'redirect',
  303: 'redirect',
  307: 'redirect',
  308: 'redirect',
  400: 'bad_request',
  401: 'auth',
  403: 'forbidden',
  404: 'not_found',
  422: 'bad_request',
  429: 'rate_limited',
};

const EXCERPT_LENGTH_MAX = 200;
/** A longer body is not searched for a message; only its beginning is quoted. */
const PARSED_BYTES_MAX = 1024 * 1024;

/** The class of a response that is not 2xx. */
export function classifyStatus(status: number): OutcomeClass {
  const own = CLASS_OF_STATUS[status];
  if (own !== undefined) return own;
  if (status >= 500 && status < 600) return 'server_5xx';
  if (status >= 400 && status < 500) return 'http_4xx';
  return status >= 300 && status < 400 ? 'http_3xx' : 'protocol';
}

/** What the server says is wrong, or where it points; the status where it says nothing. */
export function describeResponse(tape: Tape): string {
  const status = `HTTP ${tape.status}`;
  const { location } = tape.headers;
  if (location !== undefined && Math.floor((tape.status ?? 0) / 100) === 3) {
    // A query may carry what is nobody's business.
    return `${status} to ${location.replace(/[?#].*$/s, '')}: redirects are not followed`;
  }
  return describeBody(tape) || `${status} without a message`;
}

/** The message in a body that is no event stream, else its beginning; empty where it is. */
export function describeBody(tape: Tape): string {
  const text = Buffer.from(tape.body.subarray(0, PARSED_BYTES_MAX)).toString('utf8');
  const json = parseJson(text.replace(/^\ufeff/, ''));
  const message = json === undefined ? undefined : errorInBody(json)?.message;
  return message ?? excerpt(text, EXCERPT_LENGTH_MAX);
}
