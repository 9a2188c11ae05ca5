import type { DecodedReply, Strand } from '../decode/types.ts';
import type { Tokenizer } from './tokenizer.ts';

/** A reply's streamed text as a tokenizer counts it. */
export interface CountedTokens {
  /** Of answer, reasoning and tool calls together; special tokens, which carry no text, are not in it. */
  output: number;
  /** Of the text that the server marks as reasoning; `null` where there is none. */
  reasoning: number | null;
  /** Tokens that each token-bearing event brought the end of; `null` where they cannot be told. */
  perEvent: number[] | null;
}

/**
 * Counts what was streamed, each strand of text as a whole, for a token may span two events.
 * @see docs/metrics.md#tokens-by-a-tokenizer
 */
export function countTokens(reply: DecodedReply, tokenizer: Tokenizer): CountedTokens {
  let output = 0;
  let reasoning: number | null = null;
  let perEvent: number[] | null = reply.tokenEvents.map(() => 0);
  for (const strand of reply.strands) {
    const text = strand.pieces.map((piece) => piece.text).join('');
    const { count, bytes } = tokenizer.encode(text);
    output += count;
    if (strand.kind === 'reasoning') reasoning = (reasoning ?? 0) + count;
    const laid: number[] | null =
      bytes === null ? countEach(strand, count, tokenizer) : layOver(strand, bytes);
    if (laid === null) perEvent = null;
    if (perEvent === null || laid === null) continue;
    for (const [index, tokens] of laid.entries()) {
      const { event } = strand.pieces[index] as Strand['pieces'][number];
      perEvent[event] = (perEvent[event] ?? 0) + tokens;
    }
  }
  return { output, reasoning, perEvent };
}

/** Each token belongs to the piece that brought its last byte. */
function layOver({ pieces }: Strand, tokenBytes: readonly number[]): number[] {
  const tokens = pieces.map(() => 0);
  let piece = 0;
  let pieceEnd = Buffer.byteLength(pieces[0]?.text ?? '');
  let tokenEnd = 0;
  for (const bytes of tokenBytes) {
    tokenEnd += bytes;
    while (tokenEnd > pieceEnd && piece < pieces.length - 1) {
      piece += 1;
      pieceEnd += Buffer.byteLength(pieces[piece]?.text ?? '');
    }
    tokens[piece] = (tokens[piece] ?? 0) + 1;
  }
  return tokens;
}

/** Piece by piece, which holds only where the pieces end with tokens: then the sum is the whole. */
function countEach({ pieces }: Strand, whole: number, tokenizer: Tokenizer): number[] | null {
  const tokens = pieces.map(({ text }) => tokenizer.encode(text).count);
  return tokens.reduce((sum, each) => sum + each, 0) === whole ? tokens : null;
}
