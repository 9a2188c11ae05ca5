// Makes the small tokenizers of the tests, test/fixtures/tokenizers/*/tokenizer.json: a byte-level BPE
// trained on the simulator's own phrases, a SentencePiece-like BPE of the same merges, and one that
// counts exactly what the simulator counts. Run after a build; the same input gives the same files.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const MERGES = 160;

/** GPT-2's characters for bytes: printable ones are themselves, the others follow U+0100. */
function byteAlphabet() {
  /** @param {number} byte */
  const printable = (byte) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : next++),
  );
}

const WORD = "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/**
 * The most frequent pair of neighbours, joined again and again; ties by the alphabet.
 * @param {string[]} words
 */
function train(words) {
  const pieces = new Map();
  for (const word of words) pieces.set(word, (pieces.get(word) ?? 0) + 1);
  let entries = [...pieces].map(([word, count]) => ({ parts: [...word], count }));
  const merges = [];
  while (merges.length < MERGES) {
    const pairs = new Map();
    for (const { parts, count } of entries) {
      for (let i = 1; i < parts.length; i++) {
        const pair = `${parts[i - 1]} ${parts[i]}`;
        pairs.set(pair, (pairs.get(pair) ?? 0) + count);
      }
    }
    const [best] = [...pairs].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    if (best === undefined) break;
    merges.push(best[0]);
    const [left, right] = best[0].split(' ');
    entries = entries.map(({ parts, count }) => {
      /** @param {string[]} merges */
      const joined = [];
      for (const part of parts) {
        if (part === right && joined.at(-1) === left) joined[joined.length - 1] = left + right;
        else joined.push(part);
      }
      return { parts: joined, count };
    });
  }
  return merges;
}

/** @param {string[]} tokens */
const vocabularyOf = (tokens) => Object.fromEntries([...new Set(tokens)].map((t, id) => [t, id]));
/** @param {string[]} merges */
const joined = (merges) => merges.map((pair) => pair.replace(' ', ''));

/** @param {number} id @param {string} content @param {boolean} special */
const added = (id, content, special) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special,
});

/** @param {object} parts */
function tokenizer(parts) {
  const whole = { version: '1.0', truncation: null, padding: null, added_tokens: [] };
  return { ...whole, normalizer: null, post_processor: null, decoder: null, ...parts };
}

/** @param {object} vocab @param {string[]} merges @param {object} more */
function bpe(vocab, merges, more = {}) {
  const model = { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null };
  return { ...model, end_of_word_suffix: null, fuse_unk: false, vocab, merges, ...more };
}

const source = readFileSync(new URL('src/simulator/phrases.ts', root), 'utf8');
const phrases = [...source.matchAll(/'((?:[^'\\\n]|\\.)+)'/g)].map(([, text]) => text).join(' ');
const words = phrases.match(new RegExp(WORD, 'gu')) ?? [];

function byteLevel() {
  const alphabet = byteAlphabet();
  const spelt = words.map((word) => [...Buffer.from(word)].map((byte) => alphabet[byte]).join(''));
  const merges = train(spelt);
  const vocab = vocabularyOf([...alphabet, ...joined(merges)]);
  const size = Object.keys(vocab).length;
  return tokenizer({
    added_tokens: [added(size, '<think>', false), added(size + 1, '<|end|>', true)],
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: WORD }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: bpe(vocab, merges),
  });
}

function sentencePiece() {
  const merges = train(words.map((word) => word.replaceAll(' ', '▁')));
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  const characters = [...new Set([...phrases.replaceAll(' ', '▁')])].sort();
  const vocab = vocabularyOf(['<unk>', '</s>', ...bytes, ...characters, '▁', ...joined(merges)]);
  return tokenizer({
    added_tokens: [added(0, '<unk>', true), added(1, '</s>', true)],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: bpe(vocab, merges, { unk_token: '<unk>', fuse_unk: true, byte_fallback: true }),
  });
}

/** One unknown token for each piece that `src/simulator/tokens.ts` cuts. */
function likeTheSimulator() {
  const cjk = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}';
  const pattern = `[${cjk}]| ?\\p{Nd}{1,3}| ?(?:(?![${cjk}])[\\p{L}\\p{M}]){1,5}|\\n+|(?:(?!\\n)\\s)+|.`;
  return tokenizer({
    pre_tokenizer: {
      type: 'Split',
      pattern: { Regex: pattern },
      behavior: 'Isolated',
      invert: false,
    },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: { '[UNK]': 0 },
    },
  });
}

const all = {
  'byte-level': byteLevel(),
  'sentence-piece': sentencePiece(),
  simulator: likeTheSimulator(),
};
for (const [name, json] of Object.entries(all)) {
  const file = fileURLToPath(new URL(`test/fixtures/tokenizers/${name}/tokenizer.json`, root));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(json)}\n`);
}
