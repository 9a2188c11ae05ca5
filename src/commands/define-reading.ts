import { type Command, Option } from 'commander';
import { collect, type Finish } from './options.ts';

const RUN_NAME = 'folder, name in the results folder, or `latest`';

/** The commands that read what a run has written. */
export function addReading(program: Command, finish: Finish): void {
  program
    .command('compare')
    .summary('runs, or the models of a run, side by side')
    .description('Puts two or more runs, or the models of one run, side by side.')
    .argument('<run...>', RUN_NAME)
    .option(
      '-m, --model <name...>',
      'only these models; of one run, the first is the base',
      collect,
    )
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
    .argument('<run>', RUN_NAME)
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
    .command('recompute')
    .summary('a run again from its tapes')
    .description(
      'Derives a run again from its tapes: records, summary and CSV, or its figures as other tools define them.',
    )
    .argument('<run>', RUN_NAME)
    .option('-o, --output <folder>', "folder to write to (default: the run's own)")
    .option('--results <dir>', 'folder of the results')
    .option(
      '--definitions <names>',
      'print its figures as these tools define them, or `all`; writes nothing',
      collect,
    )
    .option('--csv <file>', 'write the figures by definition as CSV (`-`: to stdout)')
    .option('--json', 'print one JSON document')
    .action(async (run: string, flags) => {
      const { recomputeCommand } = await import('./recompute.ts');
      finish(await recomputeCommand(run, flags));
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
