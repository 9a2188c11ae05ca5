import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { Tape, TapeEnd } from '../capture/tape.ts';
import { contentCodings, DECODED_FROM } from './headers.ts';

const DECODED_BYTES_MAX = 40 * 1024 * 1024;
/** Of what has no end, or was cut already, so much is decoded: it says no more. */
const KEPT_BYTES = 512 * 1024;
/** No server has a reason for more, and each costs all of its limit. */
const CODINGS_MAX = 3;
/** Larger than usual: each piece is a turn of the thread pool. */
const CHUNK_BYTES = 64 * 1024;

/** Why decoding stopped before the body did; `read` is the read at which it stopped. */
interface Failure {
  read: number;
  how: 'error' | 'abort';
  code: string;
  message: string;
}

/** What reads decode to, and how many bytes each of them made decodable. */
interface Decoded {
  bytes: Uint8Array;
  sizes: Uint32Array;
  /** There may be more of it. */
  isBeginning: boolean;
  failure: Failure | null;
}

type Reads = readonly Uint8Array[];

/**
 * Undoes the content coding of a tape (gzip, deflate, br, and zstd where this Node has it). Every
 * decoded byte arrives with the read that made it decodable. A cut body gives what came of it.
 * Where decoding itself fails, the tape's end says so: `limit_exceeded` past `limitBytes`, with the
 * first half MiB of the body, else `content_decoding`. A body that was not decoded to its end is `cut`.
 * @param limitBytes most bytes that the decoded body may have
 * @returns the tape itself where its body is not coded
 */
export async function inflateTape(tape: Tape, limitBytes = DECODED_BYTES_MAX): Promise<Tape> {
  const codings = contentCodings(tape.headers);
  if (codings.length === 0) return tape;
  if (codings.length > CODINGS_MAX) return undecodable(tape, `has ${codings.length} codings`);
  let { body, arrivalBytes: sizes } = tape;
  let isBeginning = false;
  let failure: Failure | null = null;
  for (const coding of codings.toReversed()) {
    const reads = readsOf(body, sizes);
    if (decoderOf(coding, reads) === undefined) {
      return undecodable(tape, `${coding} cannot be decoded`);
    }
    const decoded = await decode(coding, reads, tape.end.how === 'abort', limitBytes);
    body = decoded.bytes;
    sizes = decoded.sizes;
    isBeginning ||= decoded.isBeginning;
    failure ??= decoded.failure;
  }
  const inflated = withBody(tape, body, sizes);
  if (isBeginning) inflated.cut ??= { bytes: 0, reads: 0 };
  if (failure === null) return inflated;
  const { read, ...end } = failure;
  return withEnd(inflated, tape.arrivalsMs[read] ?? tape.end.atMs, end);
}

function undecodable(tape: Tape, why: string): Tape {
  const message = `the body's content-encoding ${why}`;
  return withEnd(tape, tape.end.atMs, { how: 'error', code: 'content_decoding', message });
}

function readsOf(body: Uint8Array, sizes: Uint32Array): Uint8Array[] {
  let offset = 0;
  return Array.from(sizes, (bytes) => {
    offset += bytes;
    return body.subarray(offset - bytes, offset);
  });
}

function withBody(tape: Tape, body: Uint8Array, arrivalBytes: Uint32Array): Tape {
  const { 'content-encoding': decodedFrom = '', ...headers } = tape.headers;
  return {
    ...tape,
    headers: { ...headers, [DECODED_FROM]: decodedFrom },
    arrivalBytes,
    body,
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
  const options = { flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES };
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
        chunkSize: CHUNK_BYTES,
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

/**
 * Decodes twice, as no coding says how much it holds: first to know how much there is, keeping nothing,
 * then into memory of that size.
 * @param isCut what the client ended: its beginning is enough
 */
async function decode(
  coding: string,
  reads: Reads,
  isCut: boolean,
  limitBytes: number,
): Promise<Decoded> {
  if (isCut) {
    const filled = await fill(coding, reads, KEPT_BYTES);
    return { ...filled, isBeginning: filled.bytes.length === KEPT_BYTES, failure: null };
  }
  let bytes = 0;
  let passedAt: number | null = null;
  const broken = await feed(coding, reads, (piece, read) => {
    bytes += piece.length;
    if (bytes > limitBytes) passedAt = read;
    return bytes <= limitBytes;
  });
  if (passedAt === null) {
    return { ...(await fill(coding, reads, bytes)), isBeginning: false, failure: broken };
  }
  const message = `the decoded body passed ${limitBytes} bytes`;
  const failure: Failure = { read: passedAt, how: 'abort', code: 'limit_exceeded', message };
  const filled = await fill(coding, reads, Math.min(KEPT_BYTES, limitBytes));
  return { ...filled, isBeginning: true, failure };
}

/** The first `mostBytes` that the reads decode to. */
async function fill(
  coding: string,
  reads: Reads,
  mostBytes: number,
): Promise<Pick<Decoded, 'bytes' | 'sizes'>> {
  const bytes = new Uint8Array(mostBytes);
  const sizes = new Uint32Array(reads.length);
  let length = 0;
  await feed(coding, reads, (piece, read) => {
    const part = piece.subarray(0, mostBytes - length);
    bytes.set(part, length);
    length += part.length;
    sizes[read] = (sizes[read] ?? 0) + part.length;
    return length < mostBytes;
  });
  return { bytes: bytes.subarray(0, length), sizes };
}

/**
 * Feeds the reads one by one, and tells what comes out of each before the next goes in.
 * @param onPiece false where nothing more is wanted
 * @returns what is wrong with them
 */
async function feed(
  coding: string,
  reads: Reads,
  onPiece: (piece: Uint8Array, read: number) => boolean,
): Promise<Failure | null> {
  const decoder = decoderOf(coding, reads);
  if (decoder === undefined) return null;
  const failures: Failure[] = [];
  let read = 0;
  let proceed = (): void => {};
  decoder.on('data', (piece: Buffer) => {
    if (!decoder.destroyed && !onPiece(piece, read)) decoder.destroy();
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
  return failures[0] ?? null;
}
