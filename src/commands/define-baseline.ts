import type { Command } from 'commander';
import { collect, type Finish } from './options.ts';

const EXAMPLES = `
Examples:
  tokentape baseline add latest              the newest run, into baselines/
  tokentape baseline list -m DeepSeek-R1     its figures, run by run
  tokentape check --baseline baselines/      send the same plan, and judge
  tokentape check --baseline git:perf-data   the same, from a branch
`;
const DIR = ['--dir <dir>', 'folder of the baselines (default: baselines)'] as const;

/** `tokentape baseline`: earlier runs, kept small enough to commit. */
export function addBaseline(program: Command, finish: Finish): void {
  const baseline = program
    .command('baseline')
    .summary('keep runs as a history to judge later ones by')
    .description(
      'Keeps runs as a history, in files small enough to commit, to judge later runs by.',
    )
    .addHelpText('after', EXAMPLES);
  baseline
    .command('add')
    .summary('keep runs')
    .description(
      'Writes one file per run: figures, some samples of each, and what the plan is made of. Refused ' +
        'where a run is partial, invalid, or not of the history that is there.',
    )
    .argument('<run...>', 'folder, name in the results folder, or `latest`')
    .option(...DIR)
    .option('--new-history', 'begin a new history where plan, suites or definitions differ')
    .option('-o, --output <dir>', 'folder of the results')
    .option('-q, --quiet', 'say nothing')
    .action(async (runs: string[], flags) => {
      const { addCommand } = await import('./baseline-add.ts');
      finish(await addCommand(runs, flags));
    });
  baseline
    .command('list')
    .summary('runs, and where their level changed')
    .description(
      'Lists the runs in the order of time, with their figures and where a level changed.',
    )
    .option(...DIR)
    .option('-m, --model <name...>', 'only these models, by name or alias', collect)
    .option('-s, --suite <name...>', 'only these suites', collect)
    .option('--json', 'print one JSON document')
    .action(async (flags) => {
      const { listCommand } = await import('./baseline.ts');
      finish(await listCommand(flags));
    });
  baseline
    .command('show')
    .summary('one run in full')
    .description('Shows one run in full.')
    .argument('<name>', 'name of a run or how it begins, file, or `latest`')
    .option(...DIR)
    .option('--json', 'print one JSON document, samples included')
    .action(async (name: string, flags) => {
      const { showCommand } = await import('./baseline.ts');
      finish(await showCommand(name, flags));
    });
  baseline
    .command('prune')
    .summary('remove old runs')
    .description('Removes runs from the folder, and says which and why.')
    .option(...DIR)
    .option('--keep <n>', 'so many of the newest stay')
    .option('--before <date>', 'those that started before this day go, as 2026-01-31')
    .option('--other-plans', "those that are not of the newest run's plan go")
    .option('--dry-run', 'remove nothing, only say what would go')
    .action(async (flags) => {
      const { pruneCommand } = await import('./baseline.ts');
      finish(await pruneCommand(flags));
    });
}
