const OPEN = '<think>';
const CLOSE = '</think>';

/** What one piece of the content turned out to be; white space at a tag is neither. */
interface PieceKinds {
  answer: boolean;
  reasoning: boolean;
}

const ANSWER: PieceKinds = { answer: true, reasoning: false };
const NEITHER: PieceKinds = { answer: false, reasoning: false };

interface SplitContent {
  answer: string;
  reasoning: string;
  /** One per piece, in order. */
  pieces: PieceKinds[];
}

/** Half-open offsets into the whole content. */
interface Span {
  from: number;
  to: number;
}

/**
 * Splits the content of a whole reply into reasoning and answer by `<think>…</think>`. It takes
 * the whole, because a `</think>` without its opening (which some chat templates put into the
 * prompt) makes reasoning of everything before it, and because tags are torn over pieces.
 *
 * An opening tag counts only at the start, after white space: later it is text. An unclosed one
 * makes reasoning of everything. White space next to a tag belongs to the tag.
 * @param pieces content of each event, in order; any of them may be empty
 * @param reasonedApart reasoning came in a field of its own too, so that a `</think>` in the middle
 *   of the content is text
 */
export function splitThinking(pieces: readonly string[], reasonedApart: boolean): SplitContent {
  const text = pieces.join('');
  const { reasoning, answer } = spansOf(text, reasonedApart);
  if (answer.from === 0 && answer.to === text.length) {
    return {
      answer: text,
      reasoning: '',
      pieces: pieces.map((piece) => (piece === '' ? NEITHER : ANSWER)),
    };
  }
  let from = 0;
  const kinds = pieces.map((piece) => {
    const span = { from, to: from + piece.length };
    from = span.to;
    return { answer: overlaps(span, answer), reasoning: overlaps(span, reasoning) };
  });
  return {
    answer: text.slice(answer.from, answer.to),
    reasoning: text.slice(reasoning.from, reasoning.to),
    pieces: kinds,
  };
}

function spansOf(text: string, reasonedApart: boolean): { reasoning: Span; answer: Span } {
  const start = skipSpace(text, 0);
  const opened = text.startsWith(OPEN, start);
  const inside = opened ? start + OPEN.length : start;
  const close = text.indexOf(CLOSE, inside);
  const closed = close !== -1 && (opened || closesAlone(text, start, close, reasonedApart));
  if (!opened && !closed) {
    return { reasoning: { from: 0, to: 0 }, answer: { from: 0, to: text.length } };
  }
  return {
    reasoning: trim(text, inside, closed ? close : text.length),
    answer: { from: closed ? skipSpace(text, close + CLOSE.length) : text.length, to: text.length },
  };
}

/** Whether a closing tag without an opening one at the start is a tag, and not text about tags. */
function closesAlone(text: string, start: number, close: number, reasonedApart: boolean): boolean {
  if (close === start) return true;
  const literal = text.indexOf(OPEN);
  return !reasonedApart && (literal === -1 || literal > close);
}

function trim(text: string, from: number, to: number): Span {
  const inner = text.slice(from, to);
  const lead = inner.length - inner.trimStart().length;
  return { from: from + lead, to: Math.max(from + lead, from + inner.trimEnd().length) };
}

function skipSpace(text: string, from: number): number {
  const space = /\s*/y;
  space.lastIndex = from;
  space.exec(text);
  return space.lastIndex;
}

function overlaps(a: Span, b: Span): boolean {
  return Math.max(a.from, b.from) < Math.min(a.to, b.to);
}
