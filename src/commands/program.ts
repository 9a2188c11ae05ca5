import { Command, CommanderError } from 'commander';
import { TokentapeError, usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { rememberSecrets, secretsIn } from '../secrets/known.ts';
import { proxySecrets } from '../secrets.ts';
import { VERSION } from '../version.ts';
import { addBaseline } from './define-baseline.ts';
import { addChoosing } from './define-choosing.ts';
import { addEndpoint } from './define-endpoint.ts';
import { addGate } from './define-gate.ts';
import { addPower } from './define-power.ts';
import { addProject } from './define-project.ts';
import { addReading } from './define-reading.ts';
import { addRun } from './define-run.ts';
import { type LongFlag, swallowedFlagHint } from './npm-flags.ts';
import type { Finish } from './options.ts';
import { processOutput, screenFor } from './output.ts';

const EXAMPLES = `
Examples:
  tokentape -s reasoning                      the reasoning suite, every model
  tokentape -s chat code -m r1,coder -n 20    20 requests of each
  tokentape run --help                        all flags of a run
  tokentape compare latest                    the models of the newest run
  tokentape show latest --failed              its wrong answers
  tokentape pick latest --need 'score>0.8' --minimise cost
  tokentape export latest --to md -o run.md   its table as Markdown
`;

/**
 * Runs the command line and gives the exit code. Commands are loaded when they are called, so that
 * none waits for what another needs.
 */
export async function runCli(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  rememberSecrets([...secretsIn(process.env), ...proxySecrets(process.env)]);
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    const hint = swallowedFlagHint(process.env, argv, longFlags(program));
    if (hint !== undefined) throw usageError(hint);
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return reportError(error);
  }
}

/** One message, what is wrong and how to mend it; a stack only where the fault is ours. */
export async function reportError(error: unknown): Promise<ExitCode> {
  if (error instanceof CommanderError) {
    // Help and version end this way too; commander has printed what there is to say.
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  const { complain } = processOutput();
  if (error instanceof TokentapeError) {
    complain(`tokentape: ${error.message}`);
    if (error.remedy !== undefined) complain(`  ${error.remedy}`);
    return error.exitCode;
  }
  const { bugMessage } = await import('./bug-message.ts');
  complain(bugMessage(error).trimEnd());
  return EXIT.unexpected;
}

function createProgram(finish: Finish): Command {
  const program = new Command('tokentape')
    .description('Benchmarks and compares language models behind OpenAI-compatible endpoints.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', EXAMPLES)
    .configureOutput({
      writeErr: (text) => process.stderr.write(screenFor(process.stderr).pass(text)),
      outputError: (text, write) =>
        write(text.replace(/^error: /, 'tokentape: ').replaceAll('\n(', '\n  (')),
    })
    .showSuggestionAfterError()
    .showHelpAfterError('  (--help lists commands and flags)')
    .enablePositionalOptions()
    .exitOverride();
  addRun(program, finish);
  addGate(program, finish);
  addBaseline(program, finish);
  addPower(program, finish);
  addReading(program, finish);
  addChoosing(program, finish);
  addEndpoint(program, finish);
  addProject(program, finish);
  return program;
}

function longFlags(program: Command): LongFlag[] {
  const options = program.commands.flatMap((command) => command.options);
  const flags = options.flatMap(({ long, required, optional }): LongFlag[] =>
    long ? [{ name: long.replace(/^--(no-)?/, ''), takesValue: required || optional }] : [],
  );
  return [...new Map(flags.map((flag) => [flag.name, flag])).values()];
}
