/** What breaks the rules of HTTP/1.1, or passes the limit on a head; `code` as the tape keeps it. */
export class HttpSyntaxError extends Error {
  override readonly name = 'HttpSyntaxError';
  readonly code: 'http_syntax' | 'headers_overflow';

  constructor(message: string, code: HttpSyntaxError['code'] = 'http_syntax') {
    super(message);
    this.code = code;
  }
}

/** How the body of a response is framed (RFC 9112, 6.3). */
export type BodyFraming =
  | { kind: 'chunked' }
  | { kind: 'counted'; bytes: number }
  | { kind: 'until_close' };

export interface ResponseHead {
  status: number;
  /** Lower-case names; repeated ones joined by `, `. */
  headers: Record<string, string>;
  framing: BodyFraming;
  /** How long the server keeps the connection open for a next request; 0 where it does not. */
  keepAliveMs: number;
}

/** As many as `node:http` and its HTTP/2 take. */
const FIELDS_MAX = 2048;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: .*)?$/s;
const FIELD_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):(.*)$/s;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is to find
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;
/** A server that names no time may close at any moment; it is heard when it does. */
const KEEP_ALIVE_UNSTATED_MS = 600_000;
/** A request that is under way when the server's time is up would find the socket closed. */
const KEEP_ALIVE_MARGIN_MS = 1000;

/**
 * Reads the head of a response, without its empty last line.
 * @param text lines ended by CRLF or LF
 * @throws HttpSyntaxError
 */
export function parseResponseHead(text: string): ResponseHead {
  const [statusLine = '', ...fieldLines] = text.split(/\r?\n/);
  const [, minor, digits] = STATUS_LINE.exec(statusLine) ?? [];
  if (digits === undefined) throw new HttpSyntaxError('the response begins with no status line');
  if (fieldLines.length > FIELDS_MAX) {
    throw new HttpSyntaxError(`a head of more than ${FIELDS_MAX} headers`, 'headers_overflow');
  }
  // No object yet: `constructor` and `__proto__` are names like any other.
  const fields = new Map<string, string>();
  for (const line of fieldLines) {
    const { name, value } = readField(line);
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  const headers = Object.fromEntries(fields);
  const status = Number(digits);
  const framing = framingOf(status, headers);
  return { status, headers, framing, keepAliveMs: keepAliveOf(minor === '1', headers, framing) };
}

/**
 * One line of a head, or of what stands behind the last chunk.
 * @throws HttpSyntaxError
 */
export function readField(line: string): { name: string; value: string } {
  const [, name, value] = FIELD_LINE.exec(line) ?? [];
  if (name === undefined || value === undefined || CONTROL.test(value)) {
    throw new HttpSyntaxError('a line of the head is no header');
  }
  return { name: name.toLowerCase(), value: withoutBlanks(value) };
}

/** Without the spaces and tabs at both ends; a pattern for them would take quadratic time. */
function withoutBlanks(text: string): string {
  let [from, to] = [0, text.length];
  while (isBlank(text[from])) from += 1;
  while (to > from && isBlank(text[to - 1])) to -= 1;
  return text.slice(from, to);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function framingOf(status: number, headers: Record<string, string>): BodyFraming {
  const length = contentLengthOf(headers['content-length']);
  if (status < 200 || status === 204 || status === 304) return { kind: 'counted', bytes: 0 };
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined) {
    // Any other coding in front of it would have been asked for by `TE`.
    return lastOf(encoding) === 'chunked' ? { kind: 'chunked' } : { kind: 'until_close' };
  }
  return length === undefined ? { kind: 'until_close' } : { kind: 'counted', bytes: length };
}

/** @throws HttpSyntaxError also where something else says how long the body is */
function contentLengthOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const [first = '', ...others] = value.split(',').map(withoutBlanks);
  if (!/^\d{1,15}$/.test(first) || others.some((other) => other !== first)) {
    throw new HttpSyntaxError(`content-length is ${value.slice(0, 40)}`);
  }
  return Number(first);
}

function keepAliveOf(
  isHttp11: boolean,
  headers: Record<string, string>,
  framing: BodyFraming,
): number {
  const options = (headers.connection ?? '').toLowerCase().split(',').map(withoutBlanks);
  const kept = isHttp11 ? !options.includes('close') : options.includes('keep-alive');
  if (!kept || framing.kind === 'until_close') return 0;
  // Both framings at once are how responses are smuggled: what follows is nobody's.
  if ('transfer-encoding' in headers && 'content-length' in headers) return 0;
  const hint = /(?:^|[\s,])timeout=(\d+)/i.exec(headers['keep-alive'] ?? '')?.[1];
  if (hint === undefined) return KEEP_ALIVE_UNSTATED_MS;
  const statedMs = Number(hint) * 1000 - KEEP_ALIVE_MARGIN_MS;
  return Math.min(Math.max(statedMs, 0), KEEP_ALIVE_UNSTATED_MS);
}

/** The last element of a list; empty ones are none (RFC 9110, 5.6.1). */
function lastOf(list: string): string {
  const elements = list.split(',').map(withoutBlanks);
  return (elements.findLast((element) => element !== '') ?? '').toLowerCase();
}
