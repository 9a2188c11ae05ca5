import type { Command } from 'commander';
import { addEndpointOptions, collect, modelOption, profileOption } from './options.ts';

/** What is sent, how, and where its results go: the options of every command that sends suites. */
export function addRunOptions(command: Command): void {
  addEndpointOptions(command.optionsGroup('What to send, and to whom:'))
    .addOption(modelOption())
    .option('-s, --suite <name...>', 'suites, by name, or paths of .yaml or data files', collect)
    .option('-n, --requests <n>', 'measured requests per model and suite (default: every case)')
    .option('--repeat <n>', 'passes over the cases')
    .option('--seed <text>', 'draws the same cases in the same order (default: random)')
    .option('--no-nonce', 'send prompts as they are, whatever a prompt cache makes of it')
    .addOption(profileOption());
  command
    .optionsGroup('Load:')
    .option('-j, --concurrency <n>', 'requests in flight per model')
    .option('--order <how>', 'parallel, interleaved or sequential models')
    .option('-w, --warmup <n>', 'warm-up requests per model and suite, excluded from the figures')
    .option('-d, --duration <time>', 'send for this long, as 60s or 5m')
    .option(
      '--chunk-rate <n>',
      "chunks per second expected of a stream, for the client's own error",
    )
    .option('--no-calibrate', "do not measure the client's own error before the first request");
  command
    .optionsGroup('Limits:')
    .option('--max-cost <usd>', 'never spend more than this')
    .option('--max-tokens-total <n>', 'output tokens of the whole run')
    .option('--timeout <time>', 'of a whole request')
    .option('--connect-timeout <time>', 'until connected')
    .option('--first-token-timeout <time>', 'until the first token')
    .option('--stall-timeout <time>', 'of a silence within a stream')
    .option(
      '--late-share <share>',
      'of the time in which stamps may be late, or the run is invalid',
    )
    .option('--cpu-share <share>', 'of a core for the measuring thread, or the run is invalid');
  addGradingOptions(command.optionsGroup('Grading:'));
  command
    .optionsGroup('Results:')
    .option('-o, --output <dir>', 'folder of the results (default: results)')
    .option('--no-tapes', 'do not keep the raw streams')
    .option('--no-text', "do not keep the models' answers")
    .option('--json', 'print one JSON document instead of the table')
    .option('-q, --quiet', 'no progress and no remarks')
    .option('-v, --verbose', 'tell of each failed request as it ends; progress in plain lines')
    .option('--dry-run', 'print what would be sent and what it may cost, send nothing');
}

/** What may run or be asked to grade answers; also of what is graded again. */
export function addGradingOptions(command: Command): void {
  command
    .option('--no-grade', 'do not grade the answers')
    .option('--run-code', 'run the code in answers, in a sandbox, to grade it')
    .option('--run-javascript', 'run the JavaScript that suites grade by, in a sandbox')
    .option('--judge <target/model>', 'ask this model where only a reader can grade');
}

/** `--no-x` gives `x: true` where nothing was said, which would hide variable and config. */
export function withoutDefaults<T extends Record<string, unknown>>(flags: T): T {
  const given: Record<string, unknown> = { ...flags };
  for (const name of ['nonce', 'tapes', 'text', 'calibrate', 'grade', 'ciOutput'])
    if (given[name] === true) delete given[name];
  return given as T;
}
