import { type CST, Lexer, Parser } from 'yaml';

/** What one file may hold: generous for people, small for a machine that sends rubbish. */
export const YAML_LIMITS = {
  bytes: 5 * 1024 * 1024,
  nesting: 100,
  /** Words and marks, comments and line ends among them: some forty thousand lines. Each costs microseconds. */
  lexemes: 300_000,
  /** What cannot be read, one after the other, is no YAML. */
  errors: 100,
} as const;

/** A limit of the file was reached at `offset`; nothing after it was read. */
export class YamlLimitError extends Error {
  override readonly name = 'YamlLimitError';
  readonly offset: number;
  readonly remedy?: string;

  constructor(message: string, offset: number, remedy?: string) {
    super(message);
    this.offset = offset;
    if (remedy !== undefined) this.remedy = remedy;
  }
}

const SPLIT = 'split the file; cases by the thousand belong into a data file';

/**
 * The concrete syntax of `text`, stopping at the first limit it breaks: the composer that takes these
 * tokens recurses, so depth has to be known before it is asked.
 * @throws YamlLimitError
 */
export function* limitedTokens(
  text: string,
  onNewLine: (offset: number) => void,
): Generator<CST.Token, void> {
  if (Buffer.byteLength(text) > YAML_LIMITS.bytes) {
    throw new YamlLimitError(`over ${YAML_LIMITS.bytes / 1024 / 1024} MB of YAML`, 0, SPLIT);
  }
  onNewLine(0);
  const parser = new Parser(onNewLine);
  let lexemes = 0;
  let errors = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') errors++;
      yield token;
    }
    // A block mapping and its value are one level each; document and scalar on top are not counted.
    if (parser.stack.length > YAML_LIMITS.nesting + 2) {
      throw new YamlLimitError(`nested over ${YAML_LIMITS.nesting} levels deep`, parser.offset);
    }
    if (++lexemes > YAML_LIMITS.lexemes) {
      throw new YamlLimitError(`over ${YAML_LIMITS.lexemes} words and marks`, parser.offset, SPLIT);
    }
    if (errors > YAML_LIMITS.errors) {
      throw new YamlLimitError('cannot be read as YAML', 0);
    }
  }
  yield* parser.end();
}
