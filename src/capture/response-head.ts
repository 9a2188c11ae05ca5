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
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: .*)?$/;
const FIELD_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/;
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
  // Without a prototype: a header may be called `constructor`.
  const headers: Record<string, string> = Object.create(null);
  for (const line of fieldLines) {
    const [, field, value] = FIELD_LINE.exec(line) ?? [];
    if (field === undefined || value === undefined || CONTROL.test(value)) {
      throw new HttpSyntaxError('a line of the head is no header');
    }
    const name = field.toLowerCase();
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  const status = Number(digits);
  const framing = framingOf(status, headers);
  return { status, headers, framing, keepAliveMs: keepAliveOf(minor === '1', headers, framing) };
}

function framingOf(status: number, headers: Record<string, string>): BodyFraming {
  if (status < 200 || status === 204 || status === 304) return { kind: 'counted', bytes: 0 };
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined) {
    // Any other coding in front of it would have been asked for by `TE`.
    return lastOf(encoding) === 'chunked' ? { kind: 'chunked' } : { kind: 'until_close' };
  }
  const length = headers['content-length'];
  if (length === undefined) return { kind: 'until_close' };
  const [first = '', ...others] = length.split(',').map((part) => part.trim());
  if (!/^\d{1,15}$/.test(first) || others.some((other) => other !== first)) {
    throw new HttpSyntaxError(`content-length is ${length.slice(0, 40)}`);
  }
  return { kind: 'counted', bytes: Number(first) };
}

function keepAliveOf(
  isHttp11: boolean,
  headers: Record<string, string>,
  framing: BodyFraming,
): number {
  const options = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  const kept = isHttp11 ? !options.includes('close') : options.includes('keep-alive');
  if (!kept || framing.kind === 'until_close') return 0;
  // Both framings at once are how responses are smuggled: what follows is nobody's.
  if ('transfer-encoding' in headers && 'content-length' in headers) return 0;
  const hint = /(?:^|[\s,])timeout=(\d+)/i.exec(headers['keep-alive'] ?? '')?.[1];
  if (hint === undefined) return KEEP_ALIVE_UNSTATED_MS;
  const statedMs = Number(hint) * 1000 - KEEP_ALIVE_MARGIN_MS;
  return Math.min(Math.max(statedMs, 0), KEEP_ALIVE_UNSTATED_MS);
}

function lastOf(list: string): string {
  return (list.split(',').at(-1) ?? '').trim().toLowerCase();
}
