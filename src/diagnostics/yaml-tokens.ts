import { type CST, Lexer, Parser } from 'yaml';

/** What one file may hold: generous for people, small for a machine that sends rubbish. */
const YAML_LIMITS = {
  bytes: 5 * 1024 * 1024,
  nesting: 100,
  /** Scalars, written out; aliases are counted apart. */
  values: 200_000,
} as const;

/** A limit of the file was reached at `offset`; nothing after it was read. */
export class YamlLimitError extends Error {
  override readonly name = 'YamlLimitError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

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
    throw new YamlLimitError(`over ${YAML_LIMITS.bytes / 1024 / 1024} MB of YAML`, 0);
  }
  onNewLine(0);
  const parser = new Parser(onNewLine);
  let values = 0;
  for (const lexeme of new Lexer().lex(text)) {
    // The lexer announces each plain or block scalar with U+001F; quoted ones start with their quote.
    const start = lexeme[0];
    if (start === '\u001f' || start === '"' || start === "'") values++;
    yield* parser.next(lexeme);
    // A block mapping and its value are one level each; document and scalar on top are not counted.
    if (parser.stack.length > YAML_LIMITS.nesting + 2) {
      throw new YamlLimitError(`nested over ${YAML_LIMITS.nesting} levels deep`, parser.offset);
    }
    if (values > YAML_LIMITS.values) {
      throw new YamlLimitError(`over ${YAML_LIMITS.values} values in one file`, parser.offset);
    }
  }
  yield* parser.end();
}
