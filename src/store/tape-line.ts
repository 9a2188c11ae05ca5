import type { Tape, TapeEnd } from '../capture/tape.ts';

/** One line of `tapes.ndjson.gz`. */
export interface TapeLine {
  request_id: string;
  /** Recorded of the embedded simulator. */
  simulated: boolean;
  origin_ns: string;
  scheduled_ms: number;
  started_ms: number;
  turn_delay_ms: number | null;
  dns_ms: number | null;
  tcp_ms: number | null;
  connected_ms: number | null;
  headers_ms: number | null;
  end: {
    at_ms: number;
    how: TapeEnd['how'];
    code: string | null;
    stage: TapeEnd['stage'];
    message: string | null;
  };
  status: number | null;
  headers: Record<string, string>;
  protocol: Tape['protocol'];
  stale_socket_redials: number;
  /**
   * Instants at which the client itself was late, and by how many milliseconds at most: those of reads,
   * and 0 where sending was held up. Absent where nobody watched.
   */
  client_late?: [number, number][];
  /** Per read: its instant and the bytes it brought. */
  arrivals: [number, number][];
  /** `base64` where the body is compressed or not UTF-8. */
  body_encoding: 'utf8' | 'base64';
  body: string;
  /**
   * What came after `body`, with the reads it came in: the client ended the reply, and kept its beginning.
   * Absent where all of it is there.
   */
  cut?: { bytes: number; reads: number };
}

export function tapeToLine(tape: Tape, simulated: boolean): TapeLine {
  const { end, lateMoments } = tape;
  return {
    request_id: tape.requestId,
    simulated,
    origin_ns: tape.originNs,
    scheduled_ms: tape.scheduledMs,
    started_ms: tape.startedMs,
    turn_delay_ms: tape.turnDelayMs,
    dns_ms: tape.dnsMs,
    tcp_ms: tape.tcpMs,
    connected_ms: tape.connectedMs,
    headers_ms: tape.headersMs,
    end: {
      at_ms: end.atMs,
      how: end.how,
      code: end.code,
      stage: end.stage,
      message: end.message,
    },
    status: tape.status,
    headers: tape.headers,
    protocol: tape.protocol,
    stale_socket_redials: tape.staleSocketRedials,
    ...(lateMoments && { client_late: lateMoments.map(([atMs, lateMs]) => [atMs, lateMs]) }),
    arrivals: Array.from(tape.arrivalsMs, (ms, read) => [ms, tape.arrivalBytes[read] ?? 0]),
    ...encodeBody(tape.body),
    ...(tape.cut && { cut: tape.cut }),
  };
}

export function lineToTape(line: TapeLine): Tape {
  return {
    requestId: line.request_id,
    originNs: line.origin_ns,
    scheduledMs: line.scheduled_ms,
    startedMs: line.started_ms,
    turnDelayMs: line.turn_delay_ms,
    dnsMs: line.dns_ms,
    tcpMs: line.tcp_ms,
    connectedMs: line.connected_ms,
    headersMs: line.headers_ms,
    end: {
      atMs: line.end.at_ms,
      how: line.end.how,
      code: line.end.code,
      stage: line.end.stage,
      message: line.end.message,
    },
    status: line.status,
    headers: line.headers,
    protocol: line.protocol,
    staleSocketRedials: line.stale_socket_redials,
    ...(line.client_late && { lateMoments: line.client_late }),
    arrivalsMs: Float64Array.from(line.arrivals, ([ms]) => ms),
    arrivalBytes: Uint32Array.from(line.arrivals, ([, bytes]) => bytes),
    body: new Uint8Array(Buffer.from(line.body, line.body_encoding)),
    ...(line.cut && { cut: line.cut }),
  };
}

/** A BOM is kept, as every other byte. */
const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A longer body of control characters would be a line too long to be read again, six for each. */
const ESCAPED_BYTES_MAX = 16 * 1024 * 1024;

/** Whether escapes would make a long body larger than base64 does. */
function isMostlyControls(body: Uint8Array): boolean {
  if (body.length < ESCAPED_BYTES_MAX) return false;
  let controls = 0;
  for (const byte of body) if (byte < 0x20) controls += 1;
  return 5 * controls > body.length / 3;
}

function encodeBody(body: Uint8Array): Pick<TapeLine, 'body' | 'body_encoding'> {
  try {
    if (isMostlyControls(body)) throw new Error('no text');
    return { body_encoding: 'utf8', body: STRICT_UTF8.decode(body) };
  } catch {
    return { body_encoding: 'base64', body: Buffer.from(body).toString('base64') };
  }
}
