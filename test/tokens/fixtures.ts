import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openTokenizer, type Tokenizer } from '../../src/tokens/tokenizer.ts';

/** One of those that `scripts/test-tokenizers.mjs` makes. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/tokenizers/${name}/tokenizer.json`, import.meta.url));
}

export function readFixture(name: string): object {
  return JSON.parse(readFileSync(fixturePath(name), 'utf8')) as object;
}

export function opened(name: string): Tokenizer {
  const tokenizer = openTokenizer(fixturePath(name));
  if ('problem' in tokenizer) throw new Error(tokenizer.problem);
  return tokenizer;
}
