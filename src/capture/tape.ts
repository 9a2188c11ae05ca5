/** How a tape came to its end. */
export type TapeEndHow =
  /** The body ended as its framing says. */
  | 'complete'
  /** `[DONE]` arrived; the socket may have done anything after it, which `code` then names. */
  | 'done'
  /** The transport failed; `code` names how. */
  | 'error'
  /** The client ended it; `code` is the class: a timeout, a limit, a cancellation. */
  | 'abort';

/** Which step of the way an `error` end happened in. */
export type TransportStage = 'connect' | 'tls' | 'proxy' | 'headers' | 'body';

export interface TapeEnd {
  /** Milliseconds from the tape's origin. */
  atMs: number;
  how: TapeEndHow;
  /** A system or library code (`ECONNRESET`), a class of our own on `abort`; `null` if clean. */
  code: string | null;
  stage: TransportStage | null;
  message: string | null;
}

/**
 * One reply as it came: raw bytes with the instant of each read, and nothing derived from them.
 * Instants are milliseconds on the monotonic clock from `originNs`, the instant the request started.
 */
export interface Tape {
  requestId: string;
  /** `process.hrtime.bigint()` at the start of the request, as a decimal string. */
  originNs: string;
  /** ≤ 0: when the plan wanted it sent. */
  scheduledMs: number;
  /** Milliseconds from the run's origin to `originNs`. */
  startedMs: number;
  /** For turns after the first: how long the conversation waited for its next turn. */
  turnDelayMs: number | null;
  dnsMs: number | null;
  /** TCP connection ready. */
  tcpMs: number | null;
  /** Socket ready, TLS included; 0 on a reused connection. */
  connectedMs: number | null;
  headersMs: number | null;
  end: TapeEnd;
  status: number | null;
  /** Lower-case names; repeated ones joined by `, `. */
  headers: Record<string, string>;
  protocol: 'http/1.1' | 'h2' | null;
  staleSocketRedials: number;
  /**
   * Instants at which the thread was later than its limit, and by how much at most: those of reads, and
   * 0 where sending was held up. Absent where nobody watched.
   */
  lateMoments?: readonly (readonly [atMs: number, lateMs: number])[];
  /** Ascending; one per read. */
  arrivalsMs: Float64Array;
  /** Bytes of each read; the sum is `body.length`. */
  arrivalBytes: Uint32Array;
  /** Before content decoding. */
  body: Uint8Array;
  /**
   * What came after `body` and was not kept, with the reads that it came in: of a reply that the client
   * ended itself, no more than the first half MiB is. Absent where all of it is there; zeros where it was all there, and
   * not decoded to its end.
   */
  cut?: { bytes: number; reads: number };
}
