import type { YAMLParseError } from 'yaml';

export interface YamlSyntaxError {
  offset: number;
  message: string;
  remedy?: string;
}

/** What helps, where the library's own words do not say. */
const REMEDIES: Partial<Record<YAMLParseError['code'], string>> = {
  BAD_SCALAR_START: 'put it into quotes',
  BLOCK_AS_IMPLICIT_KEY: "put text that holds ': ' into quotes",
  MULTILINE_IMPLICIT_KEY: 'check the colons and quotes before it',
  TAB_AS_INDENT: 'indent with spaces',
};

/** Syntax errors in plain words; of those in one line only the first, as the others follow from it. */
export function syntaxErrors(
  errors: readonly YAMLParseError[],
  text: string,
  lineOf: (offset: number) => number,
): YamlSyntaxError[] {
  const seen = new Set<number>();
  const first = [...errors].sort((a, b) => a.pos[0] - b.pos[0]);
  return first.flatMap((error) => {
    const line = lineOf(error.pos[0]);
    if (seen.has(line)) return [];
    seen.add(line);
    return [inPlainWords(error, text)];
  });
}

function inPlainWords(error: YAMLParseError, text: string): YamlSyntaxError {
  const offset = error.pos[0];
  // In `{ key: ${NAME} }` the inner brace begins a mapping.
  if (text.slice(offset - 1, offset + 1) === '${') {
    const remedy = "write it as '$" + "{NAME}'";
    return { offset: offset - 1, message: 'a variable inside braces needs quotes', remedy };
  }
  if (error.code === 'UNEXPECTED_TOKEN') {
    const remedy = 'check quotes, brackets and indentation before it';
    return { offset, message: 'cannot be read from here on', remedy };
  }
  const remedy = REMEDIES[error.code];
  return { offset, message: error.message, ...(remedy === undefined ? {} : { remedy }) };
}
