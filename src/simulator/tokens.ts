/**
 * A token of the simulator: a CJK character, up to three digits, up to five letters (with the space
 * before them), a run of line breaks or of blanks, else one code point. About four characters of
 * English a token, as real vocabularies have it. Built from text because the `v` flag, whose set
 * subtraction keeps CJK out of words, is newer than the language level compiled to.
 */
const CJK = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}`;
const PIECE = new RegExp(
  String.raw`[${CJK}]| ?\p{Nd}{1,3}| ?[[\p{L}\p{M}]--[${CJK}]]{1,5}|\n+|[^\S\n]+|.`,
  'gvs',
);

/** What the chat template puts around each message, and before the answer. */
const TOKENS_PER_MESSAGE = 4;
const TOKENS_BEFORE_ANSWER = 2;

/** The text cut into tokens; joined again they are the text. */
export function tokenize(text: string): string[] {
  return text.match(PIECE) ?? [];
}

/** Tokens of a prompt as the server counts them, chat template included. */
export function countPromptTokens(texts: readonly string[]): number {
  return texts.reduce(
    (tokens, text) => tokens + tokenize(text).length + TOKENS_PER_MESSAGE,
    TOKENS_BEFORE_ANSWER,
  );
}
