import type { Command } from 'commander';
import { collect, type Finish } from './options.ts';
import { addRunOptions, withoutDefaults } from './run-options.ts';

const ways = `
Three ways to judge:
  tokentape check --threshold 'ttft_ms:p(95)<800'  limits
  tokentape check --against staging                a second arm, sent at once
  tokentape check --baseline baselines/            earlier runs
`;

/** The commands of the gate. */
export function addGate(program: Command, finish: Finish): void {
  const check = program
    .command('check')
    .summary('judge a run, or send what it takes to judge')
    .description(
      'Judges a stored run, or sends what it takes to judge: a model that got slower ends it with 99.',
    )
    .argument(
      '[run]',
      'folder, name in the results folder, or `latest`, in front of all flags: judged with nothing sent',
    );
  check
    .optionsGroup('What to judge by:')
    .option(
      '--threshold <text...>',
      "limits, as 'ttft_ms:p(95)<800'; those of the config count too",
      each,
    )
    .option(
      '--against <name>',
      'a second arm: a model, a target with the same models, or TARGET/MODEL',
    )
    .option('--baseline <run...>', 'earlier runs, their folder, or git:REF:PATH', collect)
    .option(
      '--metric <name...>',
      'what is compared (default: ttft_ms, tpot_ms, error_rate)',
      collect,
    )
    .option('--fail-from <change>', 'no smaller change of a median fails (default: 5%)')
    .option('--pass-below <change>', 'a median passes once certainly below this (default: 10%)')
    .option('--alpha <share>', 'chance that anything fails though nothing changed (default: 0.01)')
    .option('--pairs <n>', 'pairs of each comparison at most (default: 400, of tails 1000)')
    .option('--max-duration <time>', 'send nothing after this long, as 10m');
  check
    .optionsGroup('Reports:')
    .option('--report <form=file...>', 'also write it as junit=FILE, md=FILE, json=FILE, …', each)
    .option('--no-ci-output', 'no step summary and no annotations on GitHub');
  addRunOptions(check);
  check
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', ways)
    .action(async (run: string | undefined, flags) => {
      // The measuring thread loads its HTTP stack while this one loads everything else.
      const { MeasuringThread } = await import('../load/measuring-thread.ts');
      const sends = run === undefined && flags.dryRun !== true;
      const thread = sends ? new MeasuringThread() : undefined;
      const { checkCommand } = await import('./check.ts');
      finish(await checkCommand(run, withoutDefaults(flags), thread));
    });
}

/** Several, as they stand: limits and file names may hold commas. */
function each(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}
