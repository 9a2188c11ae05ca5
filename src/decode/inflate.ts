import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { Tape, TapeEnd } from '../capture/tape.ts';
import { contentCodings, DECODED_FROM } from './headers.ts';

const DECODED_BYTES_MAX = 64 * 1024 * 1024;

/** Why decoding stopped before the body did; `read` is the read at which it stopped. */
interface Failure {
  read: number;
  how: 'error' | 'abort';
  code: string;
  message: string;
}

interface Decoded {
  /** What each read made decodable; as many as there were reads. */
  reads: Uint8Array[];
  failure: Failure | null;
}

type Reads = readonly Uint8Array[];

/**
 * Undoes the content coding of a tape (gzip, deflate, br, and zstd where this Node has it). Every
 * decoded byte arrives with the read that made it decodable. A cut body gives what came of it.
 * Where decoding itself fails, the tape's end says so: `limit_exceeded` past `limitBytes`, else
 * `content_decoding`.
 * @param limitBytes most bytes that the decoded body may have
 * @returns the tape itself where its body is not coded
 */
export async function inflateTape(tape: Tape, limitBytes = DECODED_BYTES_MAX): Promise<Tape> {
  const codings = contentCodings(tape.headers);
  if (codings.length === 0) return tape;
  let reads = readsOf(tape);
  let failure: Failure | null = null;
  for (const coding of codings.toReversed()) {
    const decoder = decoderOf(coding, reads);
    if (decoder === undefined) {
      return withEnd(tape, tape.end.atMs, {
        how: 'error',
        code: 'content_decoding',
        message: `the body's content-encoding ${coding} cannot be decoded`,
      });
    }
    const decoded = await decodeReads(reads, decoder, limitBytes);
    reads = decoded.reads;
    failure ??= decoded.failure;
  }
  const inflated = withBody(tape, reads);
  if (failure === null) return inflated;
  const { read, ...end } = failure;
  return withEnd(inflated, tape.arrivalsMs[read] ?? tape.end.atMs, end);
}

function readsOf(tape: Tape): Uint8Array[] {
  let offset = 0;
  return Array.from(tape.arrivalBytes, (bytes) => {
    offset += bytes;
    return tape.body.subarray(offset - bytes, offset);
  });
}

function withBody(tape: Tape, reads: Reads): Tape {
  const { 'content-encoding': decodedFrom = '', ...headers } = tape.headers;
  return {
    ...tape,
    headers: { ...headers, [DECODED_FROM]: decodedFrom },
    arrivalBytes: Uint32Array.from(reads, (read) => read.length),
    body: Buffer.concat(reads),
  };
}

/** An end of the transport or of our own came first, and stays. */
function withEnd(tape: Tape, atMs: number, end: Omit<TapeEnd, 'atMs' | 'stage'>): Tape {
  if (tape.end.how === 'error' || tape.end.how === 'abort') return tape;
  return { ...tape, end: { atMs, stage: 'body', ...end } };
}

/**
 * A decoder that gives out all it can after each write, and takes a cut body for what it is.
 * `deflate` should be zlib's format, but some servers send it bare.
 */
function decoderOf(coding: string, reads: Reads): Transform | undefined {
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;
  const options = { flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH };
  const first = reads.find((read) => read.length > 0)?.[0] ?? 0;
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(options);
    case 'deflate':
      return (first & 0x0f) === 8 ? zlib.createInflate(options) : zlib.createInflateRaw(options);
    case 'br':
      return zlib.createBrotliDecompress({
        flush: BROTLI_OPERATION_FLUSH,
        finishFlush: BROTLI_OPERATION_FLUSH,
      });
    case 'zstd':
      return createZstdDecoder();
    default:
      return undefined;
  }
}

/** zstd came to zlib after Node 20, so it is looked up by name. */
function createZstdDecoder(): Transform | undefined {
  const { createZstdDecompress, constants } = zlib as unknown as {
    createZstdDecompress?: (options: object) => Transform;
    constants: Record<string, number>;
  };
  const flush = constants.ZSTD_e_flush;
  return createZstdDecompress?.({ flush, finishFlush: flush });
}

/** Feeds the reads one by one, and notes what comes out of each before the next goes in. */
async function decodeReads(reads: Reads, decoder: Transform, limitBytes: number): Promise<Decoded> {
  const pieces: Buffer[][] = reads.map(() => []);
  const failures: Failure[] = [];
  let read = 0;
  let bytes = 0;
  let proceed = (): void => {};

  decoder.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= limitBytes) {
      pieces[read]?.push(piece);
      return;
    }
    const message = `the decoded body passed ${limitBytes} bytes`;
    failures.push({ read, how: 'abort', code: 'limit_exceeded', message });
    decoder.destroy();
  });
  decoder.on('error', (error: Error) => {
    const message = `the compressed body is broken: ${error.message}`;
    failures.push({ read, how: 'error', code: 'content_decoding', message });
  });
  // A decoder that fails never calls back for the write that it was at.
  decoder.on('close', () => proceed());

  for (; read < reads.length && !decoder.destroyed; read++) {
    await new Promise<void>((resolve) => {
      proceed = resolve;
      decoder.write(reads[read], () => resolve());
    });
  }
  read = Math.min(read, reads.length - 1);
  if (!decoder.destroyed) {
    await new Promise<void>((resolve) => {
      proceed = resolve;
      decoder.end();
    });
  }
  return { reads: pieces.map((parts) => Buffer.concat(parts)), failure: failures[0] ?? null };
}
