import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { readBounded } from '../bounded-read.ts';
import { errorCode, messageOf } from '../errors.ts';
import { loadTokenizerLibrary, type TokenizerLibrary, type TokenizerProblem } from './library.ts';
import { type Spelling, spellingOf, type TokenizerJson } from './spelling.ts';

/** The largest vocabularies known have some 35 MB. */
const TOKENIZER_BYTES_MAX = 128 * 1024 * 1024;

/** Which tokenizer it was, for a manifest. */
export interface TokenizerIdentity {
  /** Its path, relative to the folder that the run was started in. */
  file: string;
  sha256: string;
  /** Of the `tokenizer_config.json` beside it; `null` where there is none. */
  config_sha256: string | null;
}

/** A model's own tokenizer. */
export interface Tokenizer {
  identity: TokenizerIdentity;
  /** Cuts text into tokens, none added; `bytes` are those of the text that each token stands for. */
  encode(text: string): { count: number; bytes: number[] | null };
}

/** The same vocabulary is built once, whatever models share it: it takes seconds and megabytes. */
const built = new Map<string, Tokenizer['encode']>();

/**
 * Opens a `tokenizer.json`, with the `tokenizer_config.json` beside it where there is one.
 * @param options `shown`: the path as messages and manifests have it
 * @returns what is wrong, where it cannot be used
 */
export function openTokenizer(
  path: string,
  options: { shown?: string; load?: () => TokenizerLibrary | TokenizerProblem } = {},
): Tokenizer | TokenizerProblem {
  const { shown = path, load = loadTokenizerLibrary } = options;
  const tokenizer = readJson(path, shown);
  if ('problem' in tokenizer) return tokenizer;
  const beside = (of: string): string => join(dirname(of), 'tokenizer_config.json');
  const config = readJson(beside(path), beside(shown));
  if ('problem' in config && !config.absent) return config;

  const configHash = 'problem' in config ? null : config.sha256;
  const identity = { file: shown, sha256: tokenizer.sha256, config_sha256: configHash };
  const key = `${tokenizer.sha256} ${configHash}`;
  let encode = built.get(key);
  if (encode === undefined) {
    const library = load();
    if ('problem' in library) return library;
    try {
      encode = build(library, tokenizer.json, 'problem' in config ? {} : config.json);
    } catch (error) {
      const problem = `${shown} is no tokenizer that can be used: ${messageOf(error)}`;
      return { problem, remedy: "give the tokenizer.json of the model's own repository" };
    }
    built.set(key, encode);
  }
  return { identity, encode };
}

function build(library: TokenizerLibrary, json: object, config: object): Tokenizer['encode'] {
  const tokenizer = new library.Tokenizer(json, config);
  const spell: Spelling = spellingOf(json as TokenizerJson);
  const encode: Tokenizer['encode'] = (text) => {
    const { tokens } = tokenizer.encode(text, { add_special_tokens: false });
    return { count: tokens.length, bytes: spell(tokens, text) };
  };
  // Some flaws show only once there is text.
  encode('A first text.');
  return encode;
}

function readJson(
  path: string,
  shown: string,
): { json: object; sha256: string } | (TokenizerProblem & { absent: boolean }) {
  const remedy = "give the path of the model's tokenizer.json, relative to the config";
  const refuse = (why: string, absent = false) => ({ problem: `${shown}: ${why}`, remedy, absent });
  let bytes: Buffer;
  try {
    bytes = readBounded(path, TOKENIZER_BYTES_MAX);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return refuse('no such file', true);
    return refuse(code === 'EISDIR' ? 'is a folder' : `cannot be read: ${messageOf(error)}`);
  }
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof json !== 'object' || json === null) return refuse('is no JSON object');
    return { json, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch {
    return refuse('is not valid JSON');
  }
}
