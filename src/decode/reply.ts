import type { Tape } from '../capture/tape.ts';
import type { DialectName } from '../config/types.ts';
import { type ChunkReading, type Dialect, hasText } from './chunk.ts';
import { dialectOf } from './dialect.ts';
import { errorInBody, type ServerError } from './error-body.ts';
import { excerpt, foldLine } from './excerpt.ts';
import { flagsOf } from './flags.ts';
import { isEventStream } from './headers.ts';
import { parseJson } from './parse-json.ts';
import { SseDecoder, type SseEvent } from './sse.ts';
import { ChunkTemplate } from './template.ts';
import { TranscriptBuilder } from './transcript.ts';
import type { DecodedReply } from './types.ts';

const DONE = '[DONE]';
const MESSAGE_LENGTH_MAX = 500;
const EXCERPT_LENGTH_MAX = 200;
/** A stream whose events differ in more than their text is not worth more tries. */
const TEMPLATE_TRIES = 4;

/**
 * Decodes a tape: what the model said and when, with nothing judged. An event's instant is the
 * arrival of the read that brought its last byte. Pure; a body that is no event stream gives an
 * empty reply, and a compressed one has to pass `inflateTape` before.
 */
export function decodeTape(tape: Tape, dialectName: DialectName): DecodedReply {
  const reader = new ReplyReader(dialectOf(dialectName));
  const instants = new ReadInstants(tape);
  const sse = new SseDecoder((event) => {
    reader.atMs = instants.of(sse.position);
    reader.take(event);
  });
  if (isEventStream(tape)) {
    sse.push(tape.body);
    sse.end();
  }

  const terminal = terminalOf(reader, sse);
  const transcript = reader.transcript.settle();
  const { severalChoices, textAfterFinish, usageInconsistent, ...said } = transcript;
  const torn = terminal === 'lenient_done' || reader.done ? null : sse.pending;
  return {
    firstEventMs: reader.firstEventMs,
    ...said,
    terminal,
    streamError: reader.streamError,
    malformed: reader.malformed,
    ...(torn !== null && { torn: excerpt(torn, EXCERPT_LENGTH_MAX) }),
    events: reader.events,
    postDoneEvents: reader.postDoneEvents,
    utf8Replacements: sse.replacements,
    flags: flagsOf(tape, transcript, terminal),
  };
}

function terminalOf(reader: ReplyReader, sse: SseDecoder): DecodedReply['terminal'] {
  if (reader.done) return 'done';
  if (sse.pending === DONE && sse.pendingEvent === 'message') return 'lenient_done';
  return reader.transcript.finishReason === null ? null : 'finish_reason';
}

/** When each byte of a body came; asked in ascending order. */
class ReadInstants {
  readonly #tape: Tape;
  #read = 0;
  #end: number;

  constructor(tape: Tape) {
    this.#tape = tape;
    this.#end = tape.arrivalBytes[0] ?? 0;
  }

  /** Instant of the read that brought the last of the first `bytes`. */
  of(bytes: number): number {
    const { arrivalBytes, arrivalsMs } = this.#tape;
    while (this.#end < bytes && this.#read + 1 < arrivalBytes.length) {
      this.#read += 1;
      this.#end += arrivalBytes[this.#read] ?? 0;
    }
    return arrivalsMs[this.#read] ?? 0;
  }
}

/** Reads events in their order, up to `[DONE]`; only counts them after it. */
class ReplyReader {
  /** Instant of the read that completed the event. */
  atMs = 0;
  done = false;
  events = 0;
  postDoneEvents = 0;
  firstEventMs: number | null = null;
  streamError: DecodedReply['streamError'] = null;
  malformed: string | null = null;
  readonly transcript = new TranscriptBuilder();
  readonly #dialect: Dialect;
  #template: ChunkTemplate | null = null;
  #templateTries = 0;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  take({ event, data }: SseEvent): void {
    if (this.done) {
      this.postDoneEvents += 1;
      return;
    }
    this.events += 1;
    this.firstEventMs ??= this.atMs;
    if (event === 'error') this.#fail(errorInEvent(data), data);
    else if (event === 'message') this.#takeMessage(data);
  }

  #takeMessage(data: string): void {
    if (data === DONE) {
      this.done = true;
      return;
    }
    // An empty one is a keep-alive in the form of an event: no text can be missing from it.
    if (data === '') return;
    const reading = this.#template?.read(data) ?? this.#parse(data);
    if (reading === undefined) {
      this.malformed ??= foldLine(data, EXCERPT_LENGTH_MAX);
      return;
    }
    if (reading.error !== null) this.#fail(reading.error, data);
    this.transcript.add(this.atMs, reading);
  }

  #parse(data: string): ChunkReading | undefined {
    const json = parseJson(data);
    if (json === undefined) return undefined;
    const { read } = this.#dialect;
    const reading = read(json);
    if (this.#templateTries < TEMPLATE_TRIES && hasText(reading)) {
      this.#templateTries += 1;
      this.#template = ChunkTemplate.of(data, reading, read) ?? this.#template;
    }
    return reading;
  }

  /** The first error is the cause; what follows it is its echo. */
  #fail(error: ServerError, data: string): void {
    this.streamError ??= {
      message:
        excerpt(error.message ?? '', MESSAGE_LENGTH_MAX) ||
        excerpt(data, MESSAGE_LENGTH_MAX) ||
        'an error without a message',
      code: error.code,
    };
  }
}

/** An `event: error` is an error whatever its data is. */
function errorInEvent(data: string): ServerError {
  const json = parseJson(data);
  if (typeof json === 'string') return { message: json, code: null };
  const found = json === undefined ? undefined : errorInBody(json);
  return found ?? { message: null, code: null };
}
