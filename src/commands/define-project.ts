import type { Command } from 'commander';
import { collect, type Finish } from './options.ts';

/** The commands that look after a project and the host it runs on. */
export function addProject(program: Command, finish: Finish): void {
  program
    .command('validate')
    .summary('check config and suites')
    .description('Checks config and suites; reports every mistake with its place and remedy.')
    .option('-c, --config <file>', 'config file (default: bench.config.yaml)')
    .option('-s, --suite <name...>', 'suites to check (default: all)', collect)
    .option('--run-code', "run the suites' own answers that are code, in the sandbox")
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
  program
    .command('calibrate')
    .summary('how far this host can be trusted')
    .description(
      "Measures the client's own error against a sender that stamps what it sends, and finds how many " +
        'streams this host can be trusted with. Nothing leaves this machine.',
    )
    .option('--rate <n>', 'chunks per second of one stream (default: 50)')
    .option('--streams <n>', 'only at this many streams')
    .option('--json', 'print one JSON document')
    .option('-q, --quiet', 'no progress')
    .action(async (flags) => {
      const { calibrateCommand } = await import('./calibrate.ts');
      finish(await calibrateCommand(flags));
    });
}
