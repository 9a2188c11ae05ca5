/**
 * What could move the cursor, start an escape sequence, turn the reading direction or hide: controls,
 * format characters, line separators, lone surrogates, and all that Unicode has drawn as nothing.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}]/u;
const MARK = /\p{M}/u;
/** Something of either kind: most text has none, and is passed on as it is. */
const SUSPECT = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}\p{M}]/u;
/** A mark stands on a character that can be seen. */
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;
/** More of them on one character are no script's; they run over the lines above and below. */
const MARKS_MOST = 6;

/** What joins by U+200C and U+200D: scripts whose letters change with their neighbours, and emoji. */
const JOINING = /[\p{L}\p{M}\p{ExtPict}\p{EMod}]/u;
const NEVER_JOINING =
  /[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Armenian}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}]/u;
/** Forms of a character: of emoji, of Chinese ones and signs, of Chinese ones in names. */
const VARIANTS: readonly [selectors: RegExp, of: RegExp][] = [
  [/[\ufe0e\ufe0f]/u, /\p{Emoji}/u],
  [/[\ufe00-\ufe02]/u, /[\p{Ideographic}\p{Sm}]/u],
  [/[\u{e0100}-\u{e01ef}]/u, /\p{Ideographic}/u],
];

/**
 * Passes text on with every character written out, as `\x1b` or `\u202e`, that could act on what shows
 * it or stand in it unseen. Joiners, variation selectors and marks stay where a script has them; `…` stands
 * for more marks on one character than any script has. The text may come in pieces.
 */
export class CarefulReader {
  readonly #lines: boolean;
  /** The last character that was passed on as it is. */
  #before = '';
  #marks = 0;
  /** The end of a piece that cannot be judged without the next one. */
  #held = '';

  /** @param options.lines whether line breaks and tabs are the text's own */
  constructor({ lines }: { lines: boolean }) {
    this.#lines = lines;
  }

  /** What can be shown of this piece and of what was held back. */
  pass(piece: string): string {
    let text = this.#held + piece;
    this.#held = /[\r\ud800-\udbff]$/.exec(text)?.[0] ?? '';
    text = text.slice(0, text.length - this.#held.length);
    if (this.#lines) text = text.replaceAll('\r\n', '\n');
    if (!SUSPECT.test(this.#lines ? text.replace(/[\t\n]/g, '') : text)) {
      if (text !== '') this.#begin(Array.from(text.slice(-2)).at(-1) as string);
      return text;
    }
    let passed = '';
    for (const character of text) passed += this.#one(character);
    return passed;
  }

  /** What was held back, once nothing more comes. */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return Array.from(held, (character) => this.#one(character)).join('');
  }

  #one(character: string): string {
    const kind = kindOf(character);
    if (kind === 'seen' || (this.#lines && (character === '\n' || character === '\t'))) {
      return this.#begin(character);
    }
    if (kind === 'mark') {
      this.#marks += 1;
      if (this.#marks > MARKS_MOST) return this.#marks === MARKS_MOST + 1 ? '…' : '';
      if (!this.#carriesMarks()) return writtenOut(character);
    } else if (!this.#isFitting(character)) {
      this.#begin('');
      return writtenOut(character);
    }
    this.#before = character;
    return character;
  }

  #carriesMarks(): boolean {
    return SEEN.test(this.#before) || MARK.test(this.#before) || this.#before === '\u200d';
  }

  #begin(character: string): string {
    this.#before = character;
    this.#marks = 0;
    return character;
  }

  /** Whether an unseen character stands where a script has it. */
  #isFitting(character: string): boolean {
    if (character === '\u200c' || character === '\u200d') {
      return JOINING.test(this.#before) && !NEVER_JOINING.test(this.#before);
    }
    return VARIANTS.some(([selectors, of]) => selectors.test(character) && of.test(this.#before));
  }
}

/** A whole text, passed by a reader of its own. */
export function carefully(text: string, { lines }: { lines: boolean }): string {
  if (!SUSPECT.test(text)) return text;
  const reader = new CarefulReader({ lines });
  return reader.pass(text) + reader.end();
}

type Kind = 'seen' | 'mark' | 'unsafe';
/** A text that is all marks is looked at quickly too. */
const kinds = new Map<string, Kind>();

function kindOf(character: string): Kind {
  if (character >= ' ' && character <= '~') return 'seen';
  let kind = kinds.get(character);
  if (kind === undefined) {
    kind = UNSAFE.test(character) ? 'unsafe' : MARK.test(character) ? 'mark' : 'seen';
    kinds.set(character, kind);
  }
  return kind;
}

function writtenOut(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}
