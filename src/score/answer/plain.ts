import { plainLatex } from './latex.ts';

/** What GSM8K puts before its answer (`####`), once the other marks of Markdown are gone. */
export const HASHES = '\uE002';

const HTML = /<\/?(?:b|i|em|strong|p|br|span|div|u|code|li|ul|ol)\s?\/?>/gi;
const ANSWER_TAG = /<(?:final[_ ]?)?(?:answer|ans|result|答え|回答|đáp án)>/gi;

/** Full-width forms of ASCII: letters, digits and signs, `！` to `～`. */
const FULL_WIDTH = /[\uFF01-\uFF5E]/g;
const FULL_WIDTH_OFFSET = 0xfee0;

/**
 * A text as its words and figures alone: half-width, without LaTeX, Markdown and the
 * many forms of quotes, spaces and minus. Lines stay lines.
 */
export function plainText(text: string): string {
  const narrow = text
    .replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replace(/[\u3000\u00A0\u2007\u2009\u202F\t]/g, ' ')
    .replace(/[\u200B-\u200F\u2060\uFEFF\r]/g, '')
    .replace(/[\u2212\uFE63\u2010\u2011]/g, '-')
    .replace(/(?<=^|[\s(=:$])\u2013(?=\d)/gm, '-')
    .replace(/[\u2044\u2215]/g, '/')
    .replace(/\u301C/g, '~')
    .replace(/[‘’]/g, "'")
    .replace(/[“”«»]/g, '"');
  return plainLatex(narrow)
    .replace(HTML, '')
    .replace(ANSWER_TAG, '\nAnswer: ')
    .replace(/<\/[^<>\n]{1,20}>/g, '\n')
    .replace(/(?<=[\d.])\s?\[\d{1,2}\]/g, '')
    .replace(/^[ >]{0,6}####(?!#)/gm, HASHES)
    .replace(/^[ >]{0,6}#{1,6} /gm, '')
    .replace(/\*\*|__|`/g, '')
    .replace(/\b(is|was|are|were|do|does)n't\b/gi, '$1 not');
}
