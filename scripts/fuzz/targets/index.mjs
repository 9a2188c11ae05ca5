import { response } from './http.mjs';
import { inputs } from './inputs.mjs';
import { replies } from './replies.mjs';
import { scanner } from './scanner.mjs';
import { sse } from './sse.mjs';
import { stored } from './stored.mjs';
import { texts } from './texts.mjs';

/**
 * @template [T=any]
 * @typedef {object} Check
 * @property {string} name
 * @property {string} about what has to hold
 * @property {number} [batch] inputs under one seed; 100 by default
 * @property {(seeds: import('../corpus.mjs').Seeds) => Prepared<T> | Promise<Prepared<T>>} prepare
 * @property {(value: T) => string} [show] the input as a person reads it
 */

/**
 * @template T
 * @typedef {{ input: import('fast-check').Arbitrary<T>, run: (value: T) => unknown }} Prepared
 */

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {Check[]} checks
 */

/** @type {Target[]} */
export const TARGETS = [sse, scanner, response, replies, stored, inputs, texts];
