import { type ChunkReading, hasText, type ToolCallDelta } from './chunk.ts';
import { splitThinking } from './think.ts';
import type { DecodedReply, Strand, TokenEvent, TokenKind, Usage } from './types.ts';
import { contradicts } from './usage.ts';

type ToolCall = DecodedReply['toolCalls'][number];

/** An event with text, before it is known which of its content is reasoning. */
interface TextEvent {
  atMs: number;
  content: string;
  reasoning: string;
  textBytes: number;
  completionTokens: number | null;
}

/** What the readings of a whole stream amount to. */
export type Transcript = Pick<
  DecodedReply,
  | 'firstReasoningMs'
  | 'firstTokenMs'
  | 'firstAnswerMs'
  | 'lastTokenMs'
  | 'tokenEvents'
  | 'strands'
  | 'answerText'
  | 'reasoningText'
  | 'toolCalls'
  | 'finishReason'
  | 'usage'
> & { severalChoices: boolean; textAfterFinish: boolean; usageInconsistent: boolean };

/** Gathers readings event by event, and settles at the end what only the whole can tell. */
export class TranscriptBuilder {
  finishReason: string | null = null;
  readonly #events: TextEvent[] = [];
  readonly #toolCalls: ToolCall[] = [];
  readonly #callsByIndex = new Map<number, ToolCall>();
  readonly #strands = new Map<ToolCall | TokenKind, Strand>();
  #usage: Usage | null = null;
  #severalChoices = false;
  #textAfterFinish = false;

  add(atMs: number, reading: ChunkReading): void {
    if (reading.otherChoices) this.#severalChoices = true;
    if (reading.usage !== null) this.#usage = reading.usage;
    if (hasText(reading)) {
      // The chunk with the finish_reason may carry text itself; only later text is odd.
      if (this.finishReason !== null) this.#textAfterFinish = true;
      this.#addText(atMs, reading);
    }
    if (reading.finishReason !== null) this.finishReason = reading.finishReason;
  }

  settle(): Transcript {
    const reasonedApart = this.#events.some((event) => event.reasoning !== '');
    const split = splitThinking(
      this.#events.map((event) => event.content),
      reasonedApart,
    );
    const replyHasText = this.#events.length > 0;
    const usageInconsistent = this.#usage !== null && contradicts(this.#usage, replyHasText);

    let firstReasoningMs: number | null = null;
    let firstAnswerMs: number | null = null;
    const tokenEvents = this.#events.map((event, i): TokenEvent => {
      const piece = split.pieces[i];
      if (piece?.reasoning || event.reasoning !== '') firstReasoningMs ??= event.atMs;
      if (piece?.answer) firstAnswerMs ??= event.atMs;
      return {
        atMs: event.atMs,
        kind: kindOf(event, piece?.answer ?? false),
        textBytes: event.textBytes,
        completionTokens: usageInconsistent ? null : event.completionTokens,
      };
    });

    return {
      firstReasoningMs,
      firstTokenMs: tokenEvents[0]?.atMs ?? null,
      firstAnswerMs,
      lastTokenMs: tokenEvents.at(-1)?.atMs ?? null,
      tokenEvents,
      strands: [...this.#strands.values()],
      answerText: split.answer,
      reasoningText: this.#events.map((event) => event.reasoning).join('') + split.reasoning,
      toolCalls: this.#toolCalls,
      finishReason: this.finishReason,
      usage: usageInconsistent ? withoutCompletion(this.#usage) : this.#usage,
      severalChoices: this.#severalChoices,
      textAfterFinish: this.#textAfterFinish,
      usageInconsistent,
    };
  }

  #addText(atMs: number, reading: ChunkReading): void {
    let textBytes = Buffer.byteLength(reading.content) + Buffer.byteLength(reading.reasoning);
    for (const delta of reading.toolCalls) {
      textBytes += Buffer.byteLength(delta.name) + Buffer.byteLength(delta.arguments);
      this.#addToolCall(delta);
    }
    const { content, reasoning } = reading;
    this.#addPiece('reasoning', 'reasoning', reasoning);
    this.#addPiece('content', 'content', content);
    // None delivered yet, beside text, is a count that the server does not keep while streaming.
    const completionTokens = reading.usage?.completionTokens || null;
    this.#events.push({ atMs, content, reasoning, textBytes, completionTokens });
  }

  #addToolCall(delta: ToolCallDelta): void {
    const call = this.#toolCallOf(delta);
    call.id ??= delta.id;
    // Some servers repeat the whole name with every piece of the arguments.
    const name = delta.name === call.name ? '' : delta.name;
    call.name += name;
    call.arguments += delta.arguments;
    this.#addPiece(call, 'tool_call', name + delta.arguments);
  }

  #addPiece(of: ToolCall | TokenKind, kind: TokenKind, text: string): void {
    if (text === '') return;
    const strand = this.#strands.get(of) ?? { kind, pieces: [] };
    // The event that the text is of comes next.
    strand.pieces.push({ event: this.#events.length, text });
    this.#strands.set(of, strand);
  }

  /** The call that a piece belongs to: by its number, else by its id, else the latest one. */
  #toolCallOf({ index, id }: ToolCallDelta): ToolCall {
    const latest = this.#toolCalls.at(-1);
    const known =
      index !== null
        ? this.#callsByIndex.get(index)
        : id !== null
          ? this.#toolCalls.find((call) => call.id === id)
          : latest;
    if (known !== undefined) return known;
    const call = { index: index ?? this.#toolCalls.length, id, name: '', arguments: '' };
    this.#toolCalls.push(call);
    this.#callsByIndex.set(call.index, call);
    return call;
  }
}

/** A piece that holds white space at a tag, or a tag alone, counts with the reasoning. */
function kindOf(event: TextEvent, answers: boolean): TokenKind {
  if (answers) return 'content';
  return event.content !== '' || event.reasoning !== '' ? 'reasoning' : 'tool_call';
}

/** What stays true of usage that contradicts itself: the prompt's part. */
function withoutCompletion(usage: Usage | null): Usage | null {
  return usage && { ...usage, completionTokens: null, reasoningTokens: null };
}
