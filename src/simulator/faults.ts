import { createRandom, type Random } from '../random.ts';

/** Every fault that can be asked of the simulator, with what it does. */
const DESCRIPTIONS = {
  reset_pre_headers: 'resets the connection before the headers',
  reset_mid_stream: 'resets the connection after some tokens',
  truncated: 'ends the body cleanly after some tokens: no finish_reason, no [DONE]',
  truncated_json: 'ends the body cleanly in the middle of an event',
  truncated_chunked: 'closes the connection inside a chunk of the chunked body',
  truncated_length: 'promises a longer body (content-length) than it sends',
  finish_no_done: 'ends cleanly after finish_reason and usage, without [DONE]',
  '400': 'answers 400 with an error object',
  '401': 'answers 401 with an error object',
  '403': 'answers 403 with an error object',
  '404': 'answers 404 with an error object',
  '408': 'answers 408 with an error object',
  '422': 'answers 422 with an error object',
  '429': 'answers 429 with Retry-After (retry_after, seconds)',
  '500': 'answers 500 with an error object',
  '503': 'answers 503 with an error object',
  html: 'answers 200 with an HTML page',
  json_error: 'answers 200 with a JSON error object',
  empty: 'answers 200 as an event stream without a byte in it',
  slow_headers: 'waits before the headers (ms)',
  slow_first_token: 'sends the headers, then waits (ms) before the first token',
  stall: 'stops for a while (ms) after some tokens',
  infinite: 'never ends: text again and again, whatever max_tokens says (ms between)',
  huge_line: 'sends one line of 9 MiB (bytes) without an end',
  stream_error_before: 'sends an error event instead of the first token (done=1 adds [DONE])',
  stream_error_after: 'sends an error event after some tokens (done=1 adds [DONE])',
  flat_error: 'sends {"object":"error"} after some tokens, then [DONE]',
  malformed_json: 'sends an event of broken JSON after some tokens',
  invalid_utf8: 'puts bytes that are not UTF-8 into the text',
  split_bytes: 'sends byte by byte, with multibyte text and CRLF split between writes',
  u2028: 'puts U+2028 and U+0085 into the text',
  crlf: 'ends lines with CRLF',
  duplicate_done: 'sends [DONE] twice',
  events_after_done: 'sends more events after [DONE]',
  fake_done: 'sends "[DONE] x" in the place of [DONE]',
  done_without_blank_line: 'ends right after the line of [DONE]',
  open_after_done: 'leaves the connection open after [DONE]',
  reset_after_done: 'resets the connection after [DONE]',
  no_usage: 'leaves usage out',
  wrong_usage: 'says 0 completion tokens, 381 of them reasoning (factor: multiplies instead)',
  null_choices: 'sends events with null, absent and empty choices',
  comments: 'sends keep-alive comments before the first token (count, ms between)',
  comments_forever: 'sends comments and never a token (ms between)',
  ping_events: 'sends events of type ping, with and without data',
  bom: 'starts the body with a byte order mark',
  redirect: 'answers 307 to another place (location)',
  buffered: 'holds everything back and sends it in one write',
  gzip: 'compresses the stream with gzip',
  brotli: 'compresses the stream with Brotli',
  two_choices: 'sends a second choice beside the first',
  text_after_finish: 'sends text after finish_reason',
  no_tokens: 'sends a proper stream without a token',
  flood_events: 'sends 250,000 events (count) that carry nothing',
  many_headers: 'sends 80 KiB (bytes) of headers',
  close_idle: 'closes the kept-alive connection after the reply (ms later), unannounced',
  close_on_reuse: 'resets the kept-alive connection when the next request comes on it',
  echo_key: 'answers 401 and repeats the Authorization header in the error',
  think_close_only: 'leaves the opening <think> out, as templates that prompt with it do',
} as const;

export type FaultName = keyof typeof DESCRIPTIONS;

export const FAULTS = (Object.keys(DESCRIPTIONS) as FaultName[]).map((name) => ({
  name,
  description: DESCRIPTIONS[name] as string,
}));

/** Details of a fault; what each one takes is in its description. */
export interface FaultParameters {
  ms?: number;
  /** Text chunks before it; half of the reply where not given. */
  after?: number;
  count?: number;
  bytes?: number;
  factor?: number;
  done?: number;
  retry_after?: number;
  location?: string;
}

/** A fault, and which requests it befalls: all, those of a model, a share, or the nth. */
export interface FaultRule extends FaultParameters {
  fault: FaultName;
  model?: string;
  /** Probability per request, drawn in order from the seed. */
  share?: number;
  /** 1-based, counted per rule over the requests it is about. */
  nth?: number;
}

export interface Fault {
  name: FaultName;
  parameters: FaultParameters;
}

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(DESCRIPTIONS, name);
}

const NUMBERS = ['ms', 'after', 'count', 'bytes', 'factor', 'done', 'retry_after'] as const;

/**
 * Reads `name;param=value;…`, the value of `x-simulate-fault`.
 * @returns the fault, or what is wrong with the text
 */
export function parseFault(text: string): Fault | { problem: string } {
  const [name = '', ...assignments] = text.split(';').map((word) => word.trim());
  if (!isFaultName(name)) return { problem: `no fault is called '${name}'` };
  const parameters: FaultParameters = {};
  for (const assignment of assignments) {
    const [key = '', value = ''] = assignment.split(/=(.*)/s);
    const number = NUMBERS.find((known) => known === key);
    if (key === 'location') parameters.location = value;
    else if (number !== undefined && value !== '' && Number(value) >= 0) {
      parameters[number] = Number(value);
    } else return { problem: `'${assignment}' is no parameter of a fault` };
  }
  return { name, parameters };
}

/** Decides which requests the configured faults befall; the first rule that applies wins. */
export class FaultPicker {
  readonly #rules: { rule: FaultRule; random: Random; seen: number }[];

  constructor(rules: readonly FaultRule[], seed: string) {
    const random = createRandom(`${seed}/faults`);
    this.#rules = rules.map((rule, index) => ({
      rule,
      random: random.fork(String(index)),
      seen: 0,
    }));
  }

  pick(model: string): Fault | undefined {
    let picked: Fault | undefined;
    // Every rule counts every request that it is about, so that rules do not disturb each other.
    for (const entry of this.#rules) {
      const { fault: name, model: only, share, nth, ...parameters } = entry.rule;
      if (only !== undefined && only !== model) continue;
      entry.seen++;
      const drawn = share === undefined || entry.random.next() < share;
      const counted = nth === undefined || entry.seen === nth;
      if (drawn && counted) picked ??= { name, parameters };
    }
    return picked;
  }
}
