import { FILLER, type Redactor } from './redactor.ts';

/**
 * Takes secrets out of text that comes in pieces. It holds back no more than what may be the beginning of
 * a secret.
 */
export class PieceRedactor {
  readonly #redactor: Redactor;
  readonly #onText: (text: string) => void;
  #held = '';

  /** @param onText told of text that may be shown, never an empty one */
  constructor(redactor: Redactor, onText: (text: string) => void) {
    this.#redactor = redactor;
    this.#onText = onText;
  }

  push(piece: string): void {
    const text = this.#held + piece;
    const bytes = Buffer.from(text);
    let settled = this.#redactor.settled(bytes);
    if (settled === bytes.length) return this.#pass(text);
    const redacted = Buffer.from(bytes);
    this.#redactor.bytes(redacted);
    // What is whole already may be the beginning of something longer: then it is held as it came.
    const inMatch = matchAround(redacted, bytes, settled);
    const isLong = settled - inMatch > this.#redactor.longest;
    if (!isLong) settled = inMatch;
    this.#held = (isLong ? redacted : bytes).toString('utf8', settled);
    this.#emit(redacted.toString('utf8', 0, settled));
  }

  /** Nothing comes any more. */
  end(): void {
    this.#pass(this.#held);
  }

  #pass(text: string): void {
    this.#held = '';
    this.#emit(this.#redactor.text(text));
  }

  #emit(text: string): void {
    if (text !== '') this.#onText(text);
  }
}

/** Where the run of filler begins that `at` lies in. */
function matchAround(redacted: Uint8Array, bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && redacted[start - 1] === FILLER && redacted[start] !== bytes[start])
    start -= 1;
  return start;
}
