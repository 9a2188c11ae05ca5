import type { Command } from 'commander';
import type { Finish } from './options.ts';
import { addRunOptions, withoutDefaults } from './run-options.ts';

/** `tokentape run`, which is also what runs where no command is named. */
export function addRun(program: Command, finish: Finish): void {
  const run = program
    .command('run', { isDefault: true })
    .summary('send suites to every model, measure, report (the default)')
    .description(
      'Sends suites to every model, shows progress, prints the table, writes the results.',
    );
  addRunOptions(run);
  run
    .optionsGroup('Results:')
    .option('--resume <run>', 'go on with a run that was cut off, and send what is missing of it')
    .helpOption('-h, --help', 'print help')
    .allowExcessArguments()
    .action(async (flags) => {
      const { refuseWords } = await import('./unknown-command.ts');
      refuseWords(run.args, program);
      // The measuring thread loads its HTTP stack while this one loads everything else.
      const { MeasuringThread } = await import('../load/measuring-thread.ts');
      const thread = flags.dryRun === true ? undefined : new MeasuringThread();
      const given = withoutDefaults(flags);
      if (given.resume !== undefined) {
        const { resumeCommand } = await import('./resume.ts');
        return finish(await resumeCommand(given.resume, given, thread));
      }
      const { runCommand } = await import('./run.ts');
      finish(await runCommand(given, thread));
    });
}
