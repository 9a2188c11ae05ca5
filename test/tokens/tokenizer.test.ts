import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tokenize } from '../../src/simulator/tokens.ts';
import { openTokenizer } from '../../src/tokens/tokenizer.ts';
import { fixturePath, opened, readFixture } from './fixtures.ts';

const TEXTS = [
  'We start with 17 + 25.\n\nAnswer: 42',
  ' leading and trailing ',
  'two  spaces\t\ttabs\r\nlines',
  '漢字とかな, 한국어, é🙂👩‍💻, naïve café',
  '{"city": "Kyoto", "days": 3}',
];

/** Text that a server can send: no lone surrogates; added tokens spell themselves in any case. */
const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });

describe('counts', () => {
  test.each(['byte-level', 'sentence-piece', 'simulator'])('%s: as the library', (name) => {
    const library = new LibraryTokenizer(readFixture(name), {});
    for (const text of TEXTS) {
      const { tokens } = library.encode(text, { add_special_tokens: false });
      expect(opened(name).encode(text).count).toBe(tokens.length);
    }
  });

  test('as the simulator counts, with the tokenizer made after it', () => {
    const { encode } = opened('simulator');
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS), anyText, (text, more) => {
        expect(encode(text + more).count).toBe(tokenize(text + more).length);
      }),
    );
  });

  test('without special tokens, but with those that stand in the text', () => {
    const { encode } = opened('byte-level');
    expect(encode('<think>').count).toBe(1);
    expect(encode('<think>hm').count).toBe(1 + encode('hm').count);
  });

  test('with the tokenizer_config.json beside it', () => {
    const library = new LibraryTokenizer(readFixture('byte-level'), { bos_token: '<|end|>' });
    const { tokens } = library.encode('hello', { add_special_tokens: false });
    expect(opened('byte-level').encode('hello').count).toBe(tokens.length);
  });
});

describe('bytes of each token', () => {
  test.each(['byte-level', 'sentence-piece'])('%s: add up to the text', (name) => {
    const { encode } = opened(name);
    fc.assert(
      fc.property(fc.constantFrom('', ...TEXTS), anyText, (text, more) => {
        const { count, bytes } = encode(text + more);
        expect(bytes).toHaveLength(count);
        expect(bytes?.reduce((sum, each) => sum + each, 0)).toBe(Buffer.byteLength(text + more));
      }),
    );
  });

  test('leave out a space that the tokenizer puts in front', () => {
    const json = readFixture('byte-level') as {
      pre_tokenizer: { pretokenizers: { add_prefix_space?: boolean; use_regex?: boolean }[] };
    };
    const [, byteLevel] = json.pre_tokenizer.pretokenizers;
    const prefixing = { ...json, pre_tokenizer: { ...byteLevel, add_prefix_space: true } };
    const path = join(mkdtempSync(join(tmpdir(), 'tokentape-prefix-')), 'tokenizer.json');
    writeFileSync(path, JSON.stringify(prefixing));
    const tokenizer = openTokenizer(path);
    rmSync(dirname(path), { recursive: true });
    if ('problem' in tokenizer) throw new Error(tokenizer.problem);
    const { bytes } = tokenizer.encode('Hello');
    expect(bytes?.reduce((sum, each) => sum + each, 0)).toBe(5);
  });

  test('are not known where tokens are unknown to the vocabulary', () => {
    expect(opened('simulator').encode('four words of text').bytes).toBeNull();
  });
});

describe('what cannot be used', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tokentape-tokenizer-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const problemOf = (text: string | null, beside?: string): string => {
    const path = join(folder, 'tokenizer.json');
    if (text !== null) writeFileSync(path, text);
    if (beside !== undefined) writeFileSync(join(folder, 'tokenizer_config.json'), beside);
    const result = openTokenizer(path, { shown: 'm/tokenizer.json' });
    if (!('problem' in result)) throw new Error('it was opened');
    expect(result.remedy).not.toBe('');
    return result.problem;
  };

  test.each([
    ['no file', null, undefined, 'm/tokenizer.json: no such file'],
    ['no JSON', '{', undefined, 'm/tokenizer.json: is not valid JSON'],
    ['another value', '3', undefined, 'm/tokenizer.json: is no JSON object'],
    ['another file', '{"a": 1}', undefined, 'm/tokenizer.json is no tokenizer that can be used: '],
    [
      'a component that is not known',
      JSON.stringify({ ...readFixture('byte-level'), pre_tokenizer: { type: 'Nonesuch' } }),
      undefined,
      'm/tokenizer.json is no tokenizer that can be used: ',
    ],
    [
      'a broken neighbour',
      JSON.stringify(readFixture('byte-level')),
      '[',
      'm/tokenizer_config.json: is not valid JSON',
    ],
  ])('%s', (_, text, beside, problem) => {
    expect(problemOf(text, beside)).toContain(problem);
  });

  test('a folder', () => {
    mkdirSync(join(folder, 'tokenizer.json'));
    expect(problemOf(null)).toBe('m/tokenizer.json: is a folder');
  });

  test('without the package: says so, and how it can be had', () => {
    const path = join(folder, 'tokenizer.json');
    // Another file than any opened before, so that it has to be built.
    writeFileSync(path, JSON.stringify({ ...readFixture('byte-level'), note: 'never built' }));
    const result = openTokenizer(path, {
      load: () => ({ problem: 'needs the package', remedy: 'npm install it' }),
    });
    expect(result).toEqual({ problem: 'needs the package', remedy: 'npm install it' });
  });

  test('identity: path as shown, and the hashes of both files', () => {
    const path = join(folder, 'tokenizer.json');
    copyFileSync(fixturePath('byte-level'), path);
    const alone = openTokenizer(path, { shown: 'm/tokenizer.json' });
    writeFileSync(join(folder, 'tokenizer_config.json'), '{}');
    const beside = openTokenizer(path, { shown: 'm/tokenizer.json' });
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);
    const file = 'm/tokenizer.json';
    expect(alone).toMatchObject({ identity: { file, sha256, config_sha256: null } });
    expect(beside).toMatchObject({ identity: { file, sha256, config_sha256: sha256 } });
  });
});
