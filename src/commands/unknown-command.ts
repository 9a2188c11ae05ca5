import type { Command } from 'commander';
import { nearest } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import { suiteSearchDirs } from '../suite/load.ts';
import { listSuites } from '../suite/read.ts';
import { invocation } from './npm-flags.ts';

/**
 * Words that are no command end up at `run`, the default, which takes none.
 * @throws TokentapeError (exit 2) that says what was probably meant
 */
export function refuseWords(words: readonly string[], program: Command): void {
  const [word] = words;
  if (word === undefined) return;
  const suites = suiteSearchDirs(process.cwd()).flatMap(listSuites);
  if (suites.includes(word)) {
    throw usageError(
      `${word} is a suite, not a command`,
      `run it with: ${invocation(process.env)} -s ${word}`,
    );
  }
  const commands = program.commands.map((command) => command.name());
  const meant = nearest(word, commands);
  throw usageError(
    `unknown command '${word}'`,
    meant === undefined ? `there are ${commands.join(', ')}` : `did you mean ${meant}?`,
  );
}
