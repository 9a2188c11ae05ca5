/**
 * What a spreadsheet takes for the beginning of a formula, in ASCII and in full width; blanks and what is
 * not seen may stand before it, and some programs take a tab or a line end for one.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^'*(?:[\t\r\n]|[\s\p{C}]*[=+\-@\uff1d\uff0b\uff0d\uff20])/u;

/** Controls that no cell can hold; tab and line ends can. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/**
 * Text as a cell that every spreadsheet takes for text: `'` stands in front of what would be a formula, and
 * of what would look so marked; NUL and its like become their pictures, as `␀`.
 */
export function textCell(text: string): string {
  const seen = text.replace(CONTROL, pictureOf);
  return FORMULA.test(seen) ? `'${seen}` : seen;
}

/** From U+2400 on. */
function pictureOf(control: string): string {
  const code = control.charCodeAt(0);
  return String.fromCharCode(0x2400 + (code === 0x7f ? 0x21 : code));
}
