// The faults of a soak: how often each befalls a request, and the classes its request may end in.
import { FAULTS } from '../../dist/simulator/faults.js';

/**
 * @typedef {object} Expected
 * @property {string[]} classes
 * @property {number} weight of its share; 1 is the share of most faults
 * @property {string} [parameters]
 * @property {string} [model] the only one that it befalls
 */

/** @param {string} outcome @param {Partial<Expected>} more @returns {Expected} */
const ends = (outcome, more = {}) => ({ classes: [outcome], weight: 1, ...more });

/** A refusal closes its model for the rest of the run, so each has a model of its own to close. */
export const CLOSING = {
  401: ends('auth', { model: 'Llama3-Swallow-70B' }),
  403: ends('forbidden', { model: 'SaoLa-Llama3.1-planner' }),
  404: ends('not_found', { model: 'Llama-3.1-8B-Instruct' }),
  echo_key: ends('auth', { model: 'DeepSeek-R1-Distill-Qwen-1.5B' }),
};

/** So much of the processor or of the run's time that a tenth of the others' share is plenty. */
const HEAVY = { weight: 0.1 };
const SLOW = { weight: 0.3 };

/** @type {Record<string, Expected>} */
export const EXPECTED = {
  ...CLOSING,
  reset_pre_headers: ends('reset_pre_headers'),
  reset_mid_stream: ends('reset_mid_stream'),
  truncated: ends('truncated'),
  truncated_json: ends('truncated'),
  truncated_chunked: ends('truncated'),
  truncated_length: ends('truncated'),
  finish_no_done: ends('ok'),
  400: ends('bad_request'),
  408: ends('http_4xx'),
  422: ends('bad_request'),
  429: ends('rate_limited'),
  500: ends('server_5xx'),
  503: ends('server_5xx'),
  html: ends('not_sse'),
  json_error: ends('not_sse'),
  empty: ends('empty'),
  slow_headers: ends('ttft_timeout', SLOW),
  slow_first_token: ends('ttft_timeout', SLOW),
  stall: ends('stalled', SLOW),
  infinite: ends('total_timeout', { ...SLOW, parameters: 'ms=50' }),
  huge_line: ends('limit_exceeded', HEAVY),
  stream_error_before: ends('stream_error'),
  stream_error_after: ends('stream_error'),
  flat_error: ends('stream_error'),
  malformed_json: ends('malformed_json'),
  invalid_utf8: ends('ok'),
  split_bytes: ends('ok', HEAVY),
  u2028: ends('ok'),
  crlf: ends('ok'),
  duplicate_done: ends('ok'),
  events_after_done: ends('ok'),
  fake_done: ends('malformed_json'),
  done_without_blank_line: ends('ok'),
  open_after_done: ends('ok'),
  reset_after_done: ends('ok'),
  no_usage: ends('ok'),
  wrong_usage: ends('ok'),
  null_choices: ends('ok'),
  comments: ends('ok'),
  comments_forever: ends('ttft_timeout', SLOW),
  ping_events: ends('ok'),
  bom: ends('ok'),
  redirect: ends('redirect'),
  buffered: ends('ok'),
  gzip: ends('ok'),
  brotli: ends('ok'),
  two_choices: ends('ok'),
  text_after_finish: ends('ok'),
  no_tokens: ends('no_tokens'),
  flood_events: ends('limit_exceeded', HEAVY),
  many_headers: ends('limit_exceeded'),
  close_idle: ends('ok'),
  close_on_reuse: ends('ok'),
  think_close_only: ends('ok'),
};

const missing = FAULTS.filter(({ name }) => !(name in EXPECTED));
if (missing.length > 0) throw new Error(`no class for ${missing.map(({ name }) => name)}`);

/**
 * `--fault` rules of the simulator: every fault that it knows.
 * @param {number} share of all requests that a fault befalls
 * @param {number} requestsPerModel at least so many before a model is closed, on average
 */
export function faultRules(share, requestsPerModel) {
  const open = Object.entries(EXPECTED).filter(([, { model }]) => model === undefined);
  const weights = open.reduce((sum, [, { weight }]) => sum + weight, 0);
  return [
    ...Object.entries(CLOSING).map(
      ([name, { model }]) => `${name}:${decimals(1 / requestsPerModel)}@${model}`,
    ),
    ...open.map(([name, { weight, parameters }]) => {
      const detail = parameters === undefined ? '' : `;${parameters}`;
      return `${name}${detail}:${decimals((share * weight) / weights)}`;
    }),
  ];
}

/** @param {number} share */
const decimals = (share) => share.toFixed(6);
