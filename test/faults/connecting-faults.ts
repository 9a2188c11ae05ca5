import { type Expected, type Fault, HTTP2, SECURE, WIRES } from './fault.ts';

const NOTHING = { status: null, token: false } as const;

const fails = (outcome: Expected['outcome'], says: RegExp): Expected => ({
  outcome,
  says,
  ...NOTHING,
});
const TIMEOUT: Expected = {
  ...fails('connect_timeout', /no connection in time: after \d/),
  limit: 'connectMs',
};

/** Rows 1 to 4: what goes wrong before a request could be sent; each at an address of its own. */
export const CONNECTING_FAULTS: readonly Fault[] = [
  {
    row: 1,
    name: 'dns',
    over: WIRES,
    at: 'nowhere',
    expected: fails('dns', /could not be resolved.*nowhere\.invalid/),
  },
  {
    row: 2,
    name: 'refused',
    over: WIRES,
    at: 'refused',
    expected: fails('connect', /ECONNREFUSED/),
  },
  { row: 3, name: 'unanswered', over: WIRES, at: 'unanswered', expected: TIMEOUT },
  { row: 3, name: 'handshake-hangs', over: SECURE, at: 'hangs', expected: TIMEOUT },
  {
    row: 4,
    name: 'untrusted-certificate',
    over: SECURE,
    at: 'untrusted',
    expected: fails('tls', /DEPTH_ZERO_SELF_SIGNED_CERT/),
  },
  {
    row: 4,
    name: 'wrong-name',
    over: SECURE,
    at: 'wrong_name',
    expected: fails('tls', /ERR_TLS_CERT_ALTNAME_INVALID/),
  },
  {
    row: 4,
    name: 'expired-certificate',
    over: SECURE,
    at: 'expired',
    expected: fails('tls', /CERT_HAS_EXPIRED/),
  },
  {
    row: 4,
    name: 'reset-in-handshake',
    over: SECURE,
    at: 'hangs_up',
    expected: fails('tls', /ECONNRESET/),
  },
  {
    row: 4,
    name: 'closed-in-handshake',
    over: SECURE,
    at: 'closes',
    expected: fails('tls', /no trusted TLS connection/),
  },
  {
    row: 4,
    name: 'no-tls',
    over: SECURE,
    at: 'not_tls',
    expected: fails('tls', /no trusted TLS connection/),
  },
  {
    row: null,
    name: 'http1-for-http2',
    over: HTTP2,
    at: 'other_protocol',
    expected: fails('protocol', /HTTP\/2|not proper HTTP/),
  },
  {
    row: null,
    name: 'http2-refused-in-handshake',
    over: ['h2'],
    at: 'http1_only',
    expected: fails('protocol', /HTTP\/?2/),
  },
  {
    row: null,
    name: 'proxy-refuses',
    over: WIRES,
    at: 'proxy_refuses',
    expected: fails('proxy', /refused the tunnel.*403/),
  },
  {
    row: null,
    name: 'proxy-closes',
    over: WIRES,
    at: 'proxy_closes',
    expected: fails('proxy', /the proxy failed/),
  },
  { row: null, name: 'proxy-hangs', over: WIRES, at: 'proxy_hangs', expected: TIMEOUT },
];
