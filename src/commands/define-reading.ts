import { type Command, Option } from 'commander';
import { collect, type Finish } from './options.ts';

/** Not split at commas: the names in it may hold some. */
const whole = (value: string, previous: string[] = []): string[] => [...previous, value];

const RUN_NAME = 'folder, name in the results folder, or `latest`';

/** The commands that read what a run has written. */
export function addReading(program: Command, finish: Finish): void {
  program
    .command('compare')
    .summary('runs, models or targets side by side, with the shift between them')
    .description(
      'Puts runs, or the models or targets of a run, side by side: figures with intervals, the shift of each against the base, and whether it would be seen again.',
    )
    .argument('<run...>', RUN_NAME)
    .addOption(
      new Option(
        '--between <sides>',
        'what is compared (default: runs; of one run its models, or targets of one model)',
      ).choices(['run', 'model', 'target']),
    )
    .option('--base <name>', 'the run, model or target that the others are held against')
    .option(
      '-m, --model <name...>',
      'only these models; of one run, the first is the base',
      collect,
    )
    .option('-s, --suite <name...>', 'only these suites', collect)
    .option('-t, --target <name...>', 'only these targets', collect)
    .option('--only <field=name,...>', 'only these rows, as model=r1,suite=chat', whole)
    .option('--metric <name...>', 'these metrics, as ttft_ms_p95 or tok/s', collect)
    .option('--sort <metric>', 'the smallest first; `--sort=-METRIC`: the largest')
    .option('--by <fields>', 'a league table: lines by model, suite, target or run')
    .option('-o, --output <dir>', 'folder of the results')
    .option('--csv <file>', 'write the comparison as CSV (`-`: to stdout)')
    .addOption(
      new Option('--format <form>', 'of the CSV: a line per figure, or per row')
        .choices(['long', 'wide'])
        .default('long'),
    )
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
        .choices(['table', 'csv', 'requests-csv', 'json', 'md', 'junit'])
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
      'Derives a run again from its tapes: records, summary and CSV, its grades, or its figures as other tools define them.',
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
    .option('--grade', 'grade its answers again, without a request; the records stay as they are')
    .option('--from-suites', 'by what the suites expect now, not by what they did when it was sent')
    .option('--run-code', 'run the code in answers, in a sandbox, to grade it')
    .option('--run-javascript', 'run the JavaScript that suites grade by, in a sandbox')
    .option('--judge <target/model>', 'whose verdicts count, of those that the run has')
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
