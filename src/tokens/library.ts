import { createRequire } from 'node:module';
import { errorCode } from '../errors.ts';

const PACKAGE = '@huggingface/tokenizers';

/** What is used of the optional package; its own types may not be there. */
export interface TokenizerLibrary {
  Tokenizer: new (
    tokenizer: object,
    config: object,
  ) => {
    encode(text: string, options: { add_special_tokens: boolean }): { tokens: string[] };
  };
}

/** Why a tokenizer cannot be had, and how it could. */
export interface TokenizerProblem {
  problem: string;
  remedy: string;
}

/** Loads the optional package, which only a config that names a tokenizer calls for. */
export function loadTokenizerLibrary(): TokenizerLibrary | TokenizerProblem {
  try {
    return createRequire(import.meta.url)('@huggingface/tokenizers') as TokenizerLibrary;
  } catch (error) {
    const absent = errorCode(error) === 'MODULE_NOT_FOUND';
    return {
      problem: `needs the package ${PACKAGE}, which ${absent ? 'is not installed' : 'cannot be loaded'}`,
      remedy: `npm install ${PACKAGE}, or remove the line`,
    };
  }
}
