import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { messageOf, TokentapeError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { VERSION } from '../version.ts';
import { swallowedFlagHint } from './npm-flags.ts';

/**
 * Runs the command line and gives the exit code. Commands are loaded when they are called, so that
 * none waits for what another needs.
 */
export async function runCli(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return reportError(error);
  }
}

/** One message, what is wrong and how to mend it; a stack only where the fault is ours. */
function reportError(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    // Help and version end this way too; commander has printed what there is to say.
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  if (error instanceof TokentapeError) {
    process.stderr.write(`tokentape: ${error.message}\n`);
    if (error.remedy !== undefined) process.stderr.write(`  ${error.remedy}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  process.stderr.write(
    `tokentape: this should not have happened, and is a bug of tokentape:\n${stack}\n`,
  );
  return EXIT.unexpected;
}

type Finish = (code: ExitCode) => void;

function createProgram(finish: Finish): Command {
  const program = new Command('tokentape')
    .description('Benchmarks and compares language models behind OpenAI-compatible endpoints.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureHelp({ showGlobalOptions: false })
    .showSuggestionAfterError()
    .showHelpAfterError('(--help lists commands and flags)')
    .enablePositionalOptions()
    .exitOverride();
  addRun(program, finish);
  addReading(program, finish);
  addEndpoint(program, finish);
  addProject(program, finish);
  for (const command of program.commands) command.exitOverride();
  return program;
}

/** Splits at commas as well, so that `-m a,b` and `-m a -m b` and `-m a b` are one. */
function collect(value: string, previous: string[] | undefined): string[] {
  const words = value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) throw new InvalidArgumentError('It names nothing.');
  return [...(previous ?? []), ...words];
}

function addEndpointOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'config file (default: bench.config.yaml)')
    .option('-t, --target <name...>', 'targets of the config, or `simulator`', collect)
    .option('-m, --model <name...>', 'only these models, by name or alias', collect);
}

const profileOption = (): Option =>
  new Option('--profile <name>', 'speed of the embedded simulator').choices([
    'default',
    'fast',
    'slow',
  ]);

function addRun(program: Command, finish: Finish): void {
  addEndpointOptions(program.command('run', { isDefault: true }))
    .summary('send suites to every model, measure, report (the default)')
    .description(
      'Sends suites to every model, shows progress, prints the table, writes the results.',
    )
    .option('-s, --suite <name...>', 'suites, by name or as paths of .yaml files', collect)
    .option('-j, --concurrency <n>', 'requests in flight per model')
    .option('--order <how>', 'parallel, interleaved or sequential models')
    .option('-n, --requests <n>', 'measured requests per model and suite (default: every case)')
    .option('--repeat <n>', 'passes over the cases')
    .option('-w, --warmup <n>', 'warm-up requests per model and suite, excluded from the figures')
    .option('-d, --duration <time>', 'send for this long, as 60s or 5m')
    .option('--seed <text>', 'draws the same cases in the same order (default: random)')
    .option('--timeout <time>', 'limit of a whole request')
    .option('--connect-timeout <time>', 'limit until connected')
    .option('--first-token-timeout <time>', 'limit until the first token')
    .option('--stall-timeout <time>', 'limit of a silence within a stream')
    .option('--max-cost <usd>', 'never spend more than this')
    .option('--max-tokens-total <n>', 'output tokens of the whole run')
    .option('--no-nonce', 'send prompts as they are, whatever a prompt cache makes of it')
    .option('--no-tapes', 'do not keep the raw streams')
    .option('--no-text', "do not keep the models' answers")
    .option('-o, --output <dir>', 'folder of the results (default: results)')
    .option('--dry-run', 'print what would be sent and what it may cost')
    .option('--json', 'print one JSON document instead of the table')
    .option('-q, --quiet', 'no progress and no remarks')
    .addOption(profileOption())
    .allowExcessArguments()
    .action(async (flags, command: Command) => {
      refuseArguments(command, program);
      const { runCommand } = await import('./run.ts');
      finish(await runCommand(flagsOf(flags)));
    });
}

/** `--no-x` gives `x: true` where nothing was said, which would hide variable and config. */
function flagsOf<T extends Record<string, unknown>>(flags: T): T {
  const given: Record<string, unknown> = { ...flags };
  for (const name of ['nonce', 'tapes', 'text']) if (given[name] === true) delete given[name];
  return given as T;
}

function refuseArguments(command: Command, program: Command): void {
  const [word] = command.args;
  if (word === undefined) return;
  const hint = swallowedFlagHint(process.env, command.args);
  if (hint !== undefined) return program.error(`error: ${hint}`);
  program.error(
    `error: unknown command '${word}'; there are ${program.commands.map((one) => one.name()).join(', ')}`,
  );
}

function addReading(program: Command, finish: Finish): void {
  program
    .command('compare')
    .summary('runs, or the models of a run, side by side')
    .description('Puts two or more runs, or the models of one run, side by side.')
    .argument('<run...>', 'folders, names in the results folder, or `latest`')
    .option('-m, --model <name...>', 'only these models', collect)
    .option('-o, --output <dir>', 'folder of the results')
    .option('--csv <file>', 'write the comparison as CSV (`-`: to stdout)')
    .option('--markdown', 'print Markdown')
    .option('--json', 'print one JSON document')
    .action(async (runs: string[], flags) => {
      const { compareCommand } = await import('./compare.ts');
      finish(await compareCommand(runs, flags));
    });
  program
    .command('export')
    .summary('a run again in another form')
    .description('Writes a run again in another form.')
    .argument('<run>', 'folder, name in the results folder, or `latest`')
    .addOption(
      new Option('--to <form>', 'form')
        .choices(['table', 'csv', 'requests-csv', 'json', 'md'])
        .default('csv'),
    )
    .option('-o, --output <file>', 'file to write (default: stdout)')
    .option('--results <dir>', 'folder of the results')
    .action(async (run: string, flags) => {
      const { exportCommand } = await import('./export.ts');
      finish(await exportCommand(run, flags));
    });
  program
    .command('list')
    .summary('runs and suites')
    .description('Lists the runs of the results folder, newest first, and the suites.')
    .option('-o, --output <dir>', 'folder of the results')
    .option('--json', 'print one JSON document')
    .action(async (flags) => {
      const { listCommand } = await import('./list.ts');
      finish(await listCommand(flags));
    });
}

function addEndpoint(program: Command, finish: Finish): void {
  addEndpointOptions(program.command('models'))
    .summary('what the key is subscribed to')
    .description('Lists what the key opens: as the endpoint lists it, then by one token from each.')
    .option('--no-probe', 'believe the list, send nothing')
    .option('--json', 'print one JSON document')
    .addOption(profileOption())
    .action(async (flags) => {
      const { modelsCommand } = await import('./models.ts');
      finish(await modelsCommand(flags));
    });
  addEndpointOptions(program.command('stream'))
    .summary('one streamed reply')
    .description('Streams one reply to the terminal; the text may also come from stdin.')
    .argument('<model>', 'name or alias')
    .argument('[text]', 'what to say to it (default: read from stdin)')
    .option('--system <text>', 'system prompt')
    .addOption(
      new Option('--format <form>', 'text, or the events of the marketplace wrapper')
        .choices(['text', 'sse'])
        .default('text'),
    )
    .option('--timeout <time>', 'limit of the whole request')
    .addOption(profileOption())
    .action(async (model: string, text: string | undefined, flags) => {
      const { streamCommand } = await import('./stream.ts');
      finish(await streamCommand(model, text, flags));
    });
  program
    .command('simulate')
    .summary('the embedded marketplace as a server')
    .description('Serves the embedded marketplace: twelve models behind an OpenAI-compatible API.')
    .option('--port <n>', 'port', '8787')
    .option('--host <name>', 'address to listen on', '127.0.0.1')
    .option(
      '--api-key <key[=model,…]...>',
      'accept only these keys, each opening all or some models',
    )
    .option('--seed <text>', 'seed of answers and jitter')
    .option('--fault <rule...>', 'commit a fault, as stall@DeepSeek-R1 or 429:0.1')
    .option('--list-faults', 'print the faults and leave')
    .addOption(profileOption())
    .action(async (flags) => {
      const { simulateCommand } = await import('./simulate.ts');
      finish(await simulateCommand(flags));
    });
}

function addProject(program: Command, finish: Finish): void {
  program
    .command('validate')
    .summary('check config and suites')
    .description('Checks config and suites; reports every mistake with its place and remedy.')
    .option('-c, --config <file>', 'config file')
    .option('-s, --suite <name...>', 'suites to check (default: all)', collect)
    .action(async (flags) => {
      const { validateCommand } = await import('./validate.ts');
      finish(await validateCommand(flags));
    });
  program
    .command('init')
    .summary('write a first config')
    .description('Writes bench.config.yaml and .env.example into this folder.')
    .option('--force', 'overwrite what is there')
    .action(async (flags) => {
      const { initCommand } = await import('./init.ts');
      finish(await initCommand(flags));
    });
}
