import type { Tape, TapeEnd } from '../../src/capture/tape.ts';

export interface TapeParts extends Partial<Omit<Tape, 'end' | 'body'>> {
  /** Each read: its instant and its bytes. */
  reads?: readonly (readonly [atMs: number, bytes: string | Uint8Array])[];
  end?: Partial<TapeEnd>;
}

/**
 * A tape of the given reads; by default a 200 event stream that ended as its framing says, at its
 * last read. With `status: null` no response came.
 */
export function tapeOf({ reads = [], end, ...parts }: TapeParts = {}): Tape {
  const bytes = reads.map(([, read]) => Buffer.from(read as string));
  const status = parts.status === undefined ? 200 : parts.status;
  return {
    requestId: 'r1',
    originNs: '1000000000',
    scheduledMs: 0,
    startedMs: 0,
    turnDelayMs: null,
    dnsMs: null,
    tcpMs: null,
    connectedMs: 0,
    headersMs: status === null ? null : 1,
    status,
    headers: status === null ? {} : { 'content-type': 'text/event-stream' },
    protocol: 'http/1.1',
    staleSocketRedials: 0,
    arrivalsMs: Float64Array.from(reads, ([atMs]) => atMs),
    arrivalBytes: Uint32Array.from(bytes, (read) => read.length),
    body: Buffer.concat(bytes),
    ...parts,
    end: {
      atMs: reads.at(-1)?.[0] ?? 1,
      how: 'complete',
      code: null,
      stage: null,
      message: null,
      ...end,
    },
  };
}

/** One event as an endpoint writes it: JSON, or text as it stands. */
export function data(json: unknown): string {
  return `data: ${typeof json === 'string' ? json : JSON.stringify(json)}\n\n`;
}

/** An OpenAI chunk with one choice: its delta, and what else belongs to the choice or the chunk. */
export function chunk(delta: unknown, choice: object = {}, rest: object = {}): string {
  return data({
    id: 'c',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: null, ...choice }],
    ...rest,
  });
}

export const DONE = data('[DONE]');
