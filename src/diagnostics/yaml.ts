import { Composer, type Document, LineCounter } from 'yaml';
import type { z } from 'zod';
import { messageOf } from '../errors.ts';
import { checkSchema } from './schema-problems.ts';
import type { Problem } from './types.ts';
import { inspectYaml } from './yaml-inspect.ts';
import { offsetOf } from './yaml-places.ts';
import { syntaxErrors, type YamlSyntaxError } from './yaml-syntax.ts';
import { limitedTokens, YamlLimitError } from './yaml-tokens.ts';

/** So many are listed; a file with more is not the file that was meant. */
const PROBLEMS_MAX = 100;
/** What a message quotes of the file may be the whole of it. */
const QUOTED_LENGTH_MAX = 300;

export interface Place {
  /** 1-based. */
  line: number;
  column: number;
}

export interface ReadYaml<T> {
  /** `undefined` where there are problems. */
  value: T | undefined;
  problems: Problem[];
  /** The plain data whatever the schema says of it; `undefined` where there is none. */
  data: unknown;
  /** Where a path lies in the file, for what only the caller can check. */
  locate(path: readonly (string | number)[]): Place;
}

/**
 * Reads YAML 1.2 (core schema, with `<<` merges) against a schema and reports every mistake at once,
 * each with its line and column: syntax, duplicate and unknown keys, types, ranges, missing keys.
 * Custom tags, alias bombs, `__proto__`, nesting over 100, and text over 5 MB or 300,000 words are refused.
 * @param file as problems name it
 */
export function readYaml<T>(text: string, file: string, schema: z.ZodType<T>): ReadYaml<T> {
  const lines = new LineCounter();
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return line === 0 ? { line: 1, column: 1 } : { line, column: col };
  };
  const problemAt = (
    offset: number,
    path: readonly (string | number)[],
    what: { message: string; remedy?: string },
  ): Problem => ({
    file,
    ...placeOf(offset),
    path: clipped(path.join('.')),
    message: clipped(what.message),
    ...(what.remedy === undefined ? {} : { remedy: what.remedy }),
  });

  const parsed = compose(text.replace(/^\uFEFF/, ''), lines);
  if ('limit' in parsed) {
    const { limit } = parsed;
    const locate = (): Place => placeOf(limit.offset);
    return {
      value: undefined,
      data: undefined,
      problems: [problemAt(limit.offset, [], limit)],
      locate,
    };
  }

  const { document } = parsed;
  const problems = parsed.errors.map((each) => problemAt(each.offset, [], each));
  let value: T | undefined;
  let data: unknown;
  if (problems.length === 0) {
    const findings = inspectYaml(document);
    problems.push(...findings.map((each) => problemAt(each.offset, each.path, each)));
    if (!findings.some((finding) => finding.fatal)) {
      data = document.toJS({ maxAliasCount: -1 });
      const checked = checkSchema(data, schema);
      if (problems.length === 0) value = checked.value;
      const known = new Set(problems.map((problem) => problem.path));
      problems.push(
        ...checked.problems
          .slice(0, PROBLEMS_MAX)
          .filter((each) => !known.has(clipped(each.path.join('.'))))
          .map((each) => problemAt(offsetOf(document, each.path, each.part), each.path, each)),
      );
    }
  }
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return {
    value,
    data,
    problems: problems.slice(0, PROBLEMS_MAX),
    locate: (path) => placeOf(offsetOf(document, path)),
  };
}

function clipped(text: string): string {
  if (text.length <= QUOTED_LENGTH_MAX) return text;
  return `${text.slice(0, QUOTED_LENGTH_MAX - 1).replace(/\p{Cs}$/u, '')}…`;
}

/** Text to tree, within the limits of `limitedTokens`. */
function compose(
  text: string,
  lines: LineCounter,
): { document: Document.Parsed; errors: YamlSyntaxError[] } | { limit: YamlLimitError } {
  // Uniqueness is checked in `inspectYaml`: the library compares every key with every other one.
  // Its pretty errors quote the line, which may hold a key.
  const composer = new Composer({
    merge: true,
    uniqueKeys: false,
    version: '1.2',
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents: Document.Parsed[] = [];
  try {
    const tokens = limitedTokens(text, lines.addNewLine);
    for (const document of composer.compose(tokens, true, text.length)) {
      documents.push(document as Document.Parsed);
      if (documents.length > 1) break;
    }
  } catch (error) {
    if (error instanceof YamlLimitError) return { limit: error };
    return { limit: new YamlLimitError(`cannot be read as YAML: ${messageOf(error)}`, 0) };
  }
  const [document, second] = documents as [Document.Parsed, Document.Parsed | undefined];
  const errors = syntaxErrors(document.errors, text, (offset) => lines.linePos(offset).line);
  const { yaml } = document.directives;
  if (yaml.explicit === true && yaml.version !== '1.2') {
    errors.push({ offset: 0, message: 'only YAML 1.2 is read', remedy: 'remove the %YAML line' });
  }
  if (second !== undefined) {
    const offset = second.range?.[0] ?? 0;
    errors.push({ offset, message: 'a second document', remedy: 'keep one document in the file' });
  }
  return { document, errors };
}
