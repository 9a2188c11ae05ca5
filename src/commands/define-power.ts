import type { Command } from 'commander';
import { collect, type Finish } from './options.ts';

/** `tokentape power`: what a check would see, before it is paid for. */
export function addPower(program: Command, finish: Finish): void {
  const power = program
    .command('power')
    .summary('how many pairs it takes to see a change')
    .description(
      'Says how many pairs or requests a check needs to see a change, what it costs and how long it ' +
        'takes, from the noise of an earlier run. Sends nothing.',
    )
    .argument('[run]', 'folder, name in the results folder, or `latest`', 'latest');
  power
    .optionsGroup('What is asked:')
    .option('--change <size...>', 'change to be seen, as 10% (of error rates: points)', collect)
    .option('--certainty <share>', 'with which it is to be seen', '95%')
    .option('--metric <name...>', "metrics to compare (default: the check's)", collect)
    .option('--threshold <limit...>', "limits to decide, as 'ttft_ms:p(95)<800'")
    .option('-m, --model <name...>', 'only these models, by name or alias', collect)
    .option('-s, --suite <name...>', 'only these suites', collect);
  power
    .optionsGroup('How the check judges:')
    .option('-c, --config <file>', 'config file (default: bench.config.yaml)')
    .option('--pairs <n>', 'pairs of each comparison at most')
    .option('--fail-from <size>', 'no smaller change fails')
    .option('--pass-below <size>', 'it passes once it is certainly below this')
    .option('--alpha <share>', 'chance that anything fails although nothing changed');
  power
    .optionsGroup('Output:')
    .option('-o, --output <dir>', 'folder of the results')
    .option('--seed <text>', 'draws the same pairs again', 'power')
    .option('--json', 'print one JSON document')
    .helpOption('-h, --help', 'print help')
    .action(async (run: string, flags) => {
      const { powerCommand } = await import('./power.ts');
      finish(await powerCommand(run, flags));
    });
}
