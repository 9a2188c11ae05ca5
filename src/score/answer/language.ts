import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** What a text is written in. */
export type LanguageFinding =
  | { kind: 'found'; code: string; share: number }
  | { kind: 'unclear'; reason: string };

/** Share of the text that has to be in a language; names and terms of another one are common. */
const DEFAULT_THRESHOLD = 0.6;
/** Enough to tell a language, few enough to take no time. */
const READ_CHARS = 6_000;
const PIECE_CHARS = 160;
/** So many Chinese characters without kana are no Japanese; fewer may be a name. */
const CHINESE_CHARS = 8;
/** A Japanese word has about two characters: so both scripts are counted in words. */
const CHARS_PER_JAPANESE_WORD = 2;

const CODE = /```[\s\S]{0,20000}?(?:```|$)|`[^`\n]{0,400}`|https?:\/\/\S{1,400}|\$[^$\n]{1,200}\$/g;
const QUOTED =
  /"[^"\n]{1,200}"|“[^”\n]{1,200}”|'[^'\n]{2,200}'(?!\p{L})|「[^」\n]{1,200}」|『[^』\n]{1,200}』/gu;
const KANA = /[\u3041-\u3096\u30A1-\u30FA\u30FC]/g;
const HAN = /[\u3400-\u9FFF々]/g;
const LATIN_WORD = /[\p{Script=Latin}\p{M}'’]+/gu;
const VIETNAMESE_ONLY = /[ăđơưĩũạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i;
const OTHER_SCRIPTS: readonly [RegExp, string][] = [
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Thai}/gu, 'th'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Greek}/gu, 'el'],
];
/** The detector knows Malay and not Indonesian, which it takes for Malay. */
const TOLD_AS: Readonly<Record<string, string>> = { id: 'ms' };

interface Piece {
  code: string | null;
  words: number;
}

/**
 * The language of an answer: Japanese and Vietnamese by their scripts, others by letter statistics
 * (eld). Code, addresses and quoted terms are left out, unless nothing else is there.
 * @param accepted ISO 639-1 codes; of several languages in one text, these are added up
 * @param threshold share of the words that has to be in an accepted language, 0 to 1
 */
export function languageOf(
  text: string,
  accepted: readonly string[],
  threshold = DEFAULT_THRESHOLD,
): LanguageFinding {
  const read = text.slice(0, READ_CHARS).normalize('NFC').replace(CODE, ' ');
  const unquoted = read.replace(QUOTED, ' ');
  const pieces = piecesOf(/\p{L}{2}/u.test(unquoted) ? unquoted : read).map(pieceLanguage);
  const shares = new Map<string, number>();
  for (const { code, words } of pieces) {
    if (code !== null) shares.set(code, (shares.get(code) ?? 0) + words);
  }
  const known = [...shares.values()].reduce((sum, words) => sum + words, 0);
  if (known === 0) return { kind: 'unclear', reason: 'too short to tell its language' };
  const told = accepted.map((code) => TOLD_AS[code] ?? code);
  const inAccepted = told.reduce((sum, code) => sum + (shares.get(code) ?? 0), 0) / known;
  const [[code, words] = ['', 0]] = [...shares].sort(([, a], [, b]) => b - a);
  if (inAccepted >= threshold) {
    const at = told.findIndex((entry) => shares.has(entry));
    return { kind: 'found', code: accepted[at] ?? code, share: inAccepted };
  }
  if (told.includes(code)) {
    return { kind: 'unclear', reason: `only ${Math.round(100 * inAccepted)} % is in ${code}` };
  }
  return { kind: 'found', code, share: words / known };
}

/** Sentences, short ones joined: letter statistics need some letters. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (const sentence of text.split(/(?<=[.!?])\s|(?<=[。！？])|\n+/u)) {
    const last = pieces.length - 1;
    const previous = pieces[last];
    if (previous !== undefined && previous.length + sentence.length <= PIECE_CHARS) {
      pieces[last] = `${previous} ${sentence}`;
    } else pieces.push(sentence);
  }
  return pieces;
}

function pieceLanguage(piece: string): Piece {
  const kana = countOf(piece, KANA);
  const han = countOf(piece, HAN);
  const latin = piece.match(LATIN_WORD) ?? [];
  const eastAsian = (kana + han) / CHARS_PER_JAPANESE_WORD;
  if (eastAsian > latin.length) {
    if (kana > 0) return { code: 'ja', words: eastAsian };
    return { code: han >= CHINESE_CHARS ? 'zh' : null, words: eastAsian };
  }
  if (eastAsian > 0 && eastAsian === latin.length) return { code: null, words: latin.length };
  for (const [script, code] of OTHER_SCRIPTS) {
    const words = countOf(piece, script) / CHARS_PER_JAPANESE_WORD;
    if (words > latin.length) return { code, words };
  }
  const vietnamese = latin.filter((word) => VIETNAMESE_ONLY.test(word)).length;
  if (vietnamese > 0 && vietnamese * 4 >= latin.length) return { code: 'vi', words: latin.length };
  const found = detector().detect(piece.replace(/\d+/g, ' '));
  const words = Math.max(latin.length, 1);
  return { code: found.language !== '' && found.isReliable() ? found.language : null, words };
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

interface Detector {
  detect(text: string): { language: string; isReliable(): boolean };
}

let loaded: Detector | undefined;

/** Loaded when first needed: its tables take 80 MB, and most suites ask for no language. */
function detector(): Detector {
  if (loaded === undefined) {
    const path = fileURLToPath(import.meta.resolve('eld/extrasmall'));
    loaded = (createRequire(import.meta.url)(path) as { eld: Detector }).eld;
  }
  return loaded;
}
