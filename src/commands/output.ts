import pc from 'picocolors';
import { withoutKnownSecrets } from '../secrets/known.ts';

/** Where a command writes: data on stdout, everything said to the person on stderr. */
export interface Output {
  /** Colour on stdout. */
  colour: boolean;
  /** Width of stdout; 120 columns where it is no terminal and says nothing else. */
  columns: number;
  /** The reader of stdout went away: nothing that is written now has any use. */
  readonly abandoned: boolean;
  /** Data. */
  write(text: string): void;
  /** A remark to the person; nothing with `--quiet`. */
  say(text: string): void;
  /** Why the command will not end with 0, whatever was asked for. */
  complain(text: string): void;
}

/** Picocolors takes `CI` for a terminal; a pipe is none, whoever reads it. */
export function colourWanted(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && pc.isColorSupported && process.env.TERM !== 'dumb';
}

const PIPE_COLUMNS = 120;

export function processOutput(quiet = false): Output {
  const complain = (text: string): void => {
    process.stderr.write(`${withoutKnownSecrets(text)}\n`);
  };
  return {
    colour: colourWanted(process.stdout),
    columns: process.stdout.columns || Number(process.env.COLUMNS) || PIPE_COLUMNS,
    get abandoned() {
      return process.stdout.destroyed;
    },
    write: (text) => {
      process.stdout.write(withoutKnownSecrets(text));
    },
    say: quiet ? () => {} : complain,
    complain,
  };
}
