import type { Command } from 'commander';
import { collect, type Finish } from './options.ts';

/** The commands that look after the files of a project. */
export function addProject(program: Command, finish: Finish): void {
  program
    .command('validate')
    .summary('check config and suites')
    .description('Checks config and suites; reports every mistake with its place and remedy.')
    .option('-c, --config <file>', 'config file (default: bench.config.yaml)')
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
