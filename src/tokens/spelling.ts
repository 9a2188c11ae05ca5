/** Parts of a `tokenizer.json` that tell how its tokens spell text. */
export interface TokenizerJson {
  added_tokens?: { content?: unknown }[];
  pre_tokenizer?: unknown;
  decoder?: unknown;
  model?: { unk_token?: unknown };
}

/** UTF-8 bytes of text that each of these tokens stands for; `null` where tokens do not tell. */
export type Spelling = (tokens: readonly string[], text: string) => number[] | null;

/** A byte that a vocabulary lacked the character for. */
const BYTE_TOKEN = /^<0x[0-9A-F]{2}>$/;
/** In the place of a space, in SentencePiece's vocabularies. */
const META_SPACE = '\u2581';
/** The character for the byte 0x20 in byte-level vocabularies. */
const BYTE_SPACE = '\u0120';

/**
 * How a tokenizer's tokens are read back into bytes of text: byte-level vocabularies have one
 * character for a byte, SentencePiece's have text with `▁` for a space. Normalised or unknown text
 * does not add up to what went in, and gives `null`.
 */
export function spellingOf(json: TokenizerJson): Spelling {
  const added = new Set((json.added_tokens ?? []).map(({ content }) => content));
  const unknown = json.model?.unk_token;
  const byteLevel = [json.pre_tokenizer, json.decoder].some((part) => holdsByteLevel(part));
  const bytesOf = (token: string): number => {
    if (added.has(token)) return Buffer.byteLength(token);
    if (byteLevel) return token.length;
    if (BYTE_TOKEN.test(token)) return 1;
    return Buffer.byteLength(token.replaceAll(META_SPACE, ' '));
  };
  return (tokens, text) => {
    if (typeof unknown === 'string' && tokens.includes(unknown)) return null;
    const bytes = tokens.map(bytesOf);
    const surplus = bytes.reduce((sum, each) => sum + each, 0) - Buffer.byteLength(text);
    if (surplus === 0) return bytes;
    // The space that some put in front of every text was never sent.
    const [first = ''] = tokens;
    if (surplus !== 1 || !first.startsWith(byteLevel ? BYTE_SPACE : META_SPACE)) return null;
    bytes[0] = bytesOf(first) - 1;
    return bytes;
  };
}

function holdsByteLevel(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if ('type' in part && part.type === 'ByteLevel') return true;
  return Object.values(part).some((inner) => holdsByteLevel(inner));
}
