import type { Command } from 'commander';
import { collect, type Finish } from './options.ts';
import { addRunOptions, withoutDefaults } from './run-options.ts';

const examples = `
Examples:
  tokentape power latest                           by the noise of the last run
  tokentape power --pilot 30 -m r1 --max-cost 1    by that of 30 pairs sent now
  tokentape power latest --threshold 'ttft_ms:p(95)<800'
`;

/** `tokentape power`: what a check would see, before it is paid for. */
export function addPower(program: Command, finish: Finish): void {
  const power = program
    .command('power')
    .summary('how many pairs it takes to see a change')
    .description(
      'Says how many pairs or requests a check needs to see a change, what it costs and how long it ' +
        'takes, from the noise of an earlier run; nothing is sent, unless for a pilot.',
    )
    .argument('[run]', 'folder, name in the results folder, or `latest` (default: latest)');
  power
    .optionsGroup('What is asked:')
    .option(
      '--change <size...>',
      'changes to be seen, of error rates points (default: 10%)',
      collect,
    )
    .option('--certainty <share>', 'with which they are to be seen', '95%')
    .option('--metric <name...>', "metrics to compare (default: the check's)", collect)
    .option('--threshold <text...>', "limits to decide, as 'ttft_ms:p(95)<800'", each)
    .option('--baseline <run...>', 'earlier runs that the next is to be held against', collect)
    .option('--pilot <n>', 'send so many pairs of each model against itself, and go by these');
  power
    .optionsGroup('How the check judges:')
    .option('--pairs <n>', 'pairs of each comparison at most')
    .option('--fail-from <change>', 'no smaller change of a median fails')
    .option('--pass-below <change>', 'a median passes once certainly below this')
    .option('--alpha <share>', 'chance that anything fails though nothing changed');
  addRunOptions(power);
  power
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', examples)
    .action(async (run: string | undefined, flags) => {
      const { MeasuringThread } = await import('../load/measuring-thread.ts');
      const sends = flags.pilot !== undefined && flags.dryRun !== true;
      const thread = sends ? new MeasuringThread() : undefined;
      const { powerCommand } = await import('./power.ts');
      finish(await powerCommand(run, withoutDefaults(flags), thread));
    });
}

/** Several, as they stand: limits may hold commas. */
function each(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}
