import { fstatSync } from 'node:fs';
import pc from 'picocolors';
import { Screen } from '../report/screen.ts';
import { withoutKnownSecrets } from '../secrets/known.ts';
import { writeToStdout } from './standard-streams.ts';

/**
 * Where a command writes: data on stdout, everything said to the person on stderr. Whatever text is
 * given, nothing that could act on a terminal gets there, and no command to the runner of a CI job
 * but our own.
 */
export interface Output {
  /** Colour on stdout. */
  colour: boolean;
  /** Width of stdout; 120 columns where it is no terminal and says nothing else. */
  columns: number;
  /** The reader of stdout went away: nothing that is written now has any use. */
  readonly abandoned: boolean;
  /** What a person is to read, wherever it goes. */
  write(text: string): void;
  /** What a program is to read: as it is, but for a terminal and for the log of a CI job. */
  data(text: string): void;
  /** A remark to the person; nothing with `--quiet`. */
  say(text: string): void;
  /** Why the command will not end with 0, whatever was asked for. */
  complain(text: string): void;
  /** Commands to the runner of a CI job, whose texts are escaped already; whole lines. */
  command(lines: string, to: 'stdout' | 'stderr'): void;
}

/** Picocolors takes `CI` for a terminal; a pipe is none, whoever reads it. */
export function colourWanted(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && pc.isColorSupported && process.env.TERM !== 'dumb';
}

const PIPE_COLUMNS = 120;

export function processOutput(quiet = false): Output {
  const colour = colourWanted(process.stdout);
  const runner = isReadByRunner(process.stdout);
  const page = new Screen({ colour, runner });
  const write = (text: string): void => {
    writeToStdout(page.pass(withoutKnownSecrets(text)));
  };
  const remarks = screenFor(process.stderr);
  const complain = (text: string): void => {
    process.stderr.write(remarks.pass(`${text}\n`));
  };
  return {
    colour,
    columns: process.stdout.columns || Number(process.env.COLUMNS) || PIPE_COLUMNS,
    get abandoned() {
      return process.stdout.destroyed;
    },
    write,
    data:
      process.stdout.isTTY || runner ? write : (text) => writeToStdout(withoutKnownSecrets(text)),
    say: quiet ? () => {} : complain,
    complain,
    command: (lines, to) => {
      const text = withoutKnownSecrets(lines);
      if (to === 'stdout') writeToStdout(text);
      else process.stderr.write(text);
    },
  };
}

/** What stands between a text and a stream that somebody may read; it also stars out the keys that are known. */
export function screenFor(stream: NodeJS.WriteStream): Pick<Screen, 'pass'> {
  const screen = new Screen({ colour: colourWanted(stream), runner: isReadByRunner(stream) });
  return { pass: (text) => screen.pass(withoutKnownSecrets(text)) };
}

/** The log of a job is read by its runner, which takes some lines for commands; a file is not. */
function isReadByRunner(stream: NodeJS.WriteStream): boolean {
  const { GITHUB_ACTIONS, TF_BUILD, TEAMCITY_VERSION } = process.env;
  if (!GITHUB_ACTIONS && !TF_BUILD && !TEAMCITY_VERSION) return false;
  try {
    return !fstatSync((stream as NodeJS.WriteStream & { fd: number }).fd).isFile();
  } catch {
    return true;
  }
}
