import { CarefulReader } from './careful.ts';

/** Colours and weights as picocolors has them; nothing else that begins with ESC is ours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const OWN_COLOUR = /(\x1b\[(?:1|2|22|31|32|33|39)m)/;

/** Who reads what is written to a stream. */
export interface Reader {
  /** Whether colour codes are ours: without colour there are none. */
  colour: boolean;
  /** The runner of a CI job, which takes some of what it reads for commands. */
  runner: boolean;
}

/**
 * The last thing that text passes on its way to where it is read: whatever was forgotten before, nothing
 * that could act on a terminal or hide gets by, and no line is a command to the runner of a CI job.
 */
export class Screen {
  readonly #reader: Reader;
  readonly #careful = new CarefulReader({ lines: true });
  /** Of the line that is being written, what could be the beginning of a command. */
  #line = '';

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** What is to be written for this piece. */
  pass(text: string): string {
    const parts = this.#reader.colour ? text.split(OWN_COLOUR) : [text];
    const safe = parts
      .map((part, index) => (index % 2 === 1 ? part : this.#careful.pass(part)))
      .join('');
    return this.#reader.runner ? this.#withoutCommands(safe) : safe;
  }

  /** What is left, once nothing more comes. */
  end(): string {
    return this.#careful.end();
  }

  #withoutCommands(text: string): string {
    const whole = commandless(this.#line + text);
    const fresh = whole.slice(this.#line.length);
    const line = whole.slice(whole.lastIndexOf('\n') + 1);
    this.#line = /^\s*:?$/.test(line) ? line : (/#{1,2}\w{0,20}$/.exec(line)?.[0] ?? NO_COMMAND);
    return fresh;
  }
}

/** In the place of the beginning of a line that is no command: what follows it does not begin one. */
const NO_COMMAND = '.';

/**
 * Text in which no line is a command: runners act on `::` at the head of a line, and on `##[` and
 * `##vso[` anywhere, so a blank goes between.
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function commandless(text: string): string {
  return text.replace(/^(\s*:)(?=:)/gm, '$1 ').replace(/(##\w*)(?=\[)/g, '$1 ');
}
