import { type Command, Option } from 'commander';
import { addEndpointOptions, type Finish, modelOption, profileOption } from './options.ts';

/** The commands that talk to an endpoint, or are one. */
export function addEndpoint(program: Command, finish: Finish): void {
  addEndpointOptions(program.command('models'))
    .summary('what the key is subscribed to')
    .description('Lists what the key opens: as the endpoint lists it, then by one token from each.')
    .addOption(modelOption())
    .option('--no-probe', 'believe the list, send nothing')
    .option('--json', 'print one JSON document')
    .addOption(profileOption())
    .action(async (flags) => {
      const { modelsCommand } = await import('./models.ts');
      finish(await modelsCommand(flags));
    });
  addEndpointOptions(program.command('stream'))
    .summary('one streamed reply')
    .description('Streams one reply to the terminal; the text may also come from stdin.')
    .argument('<model>', 'name or alias')
    .argument('[text]', 'what to say to it (default: read from stdin)')
    .option('--system <text>', 'system prompt')
    .addOption(
      new Option('--format <form>', 'text, or the events of the marketplace wrapper')
        .choices(['text', 'sse'])
        .default('text'),
    )
    .option('--timeout <time>', 'limit of the whole request')
    .addOption(profileOption())
    .action(async (model: string, text: string | undefined, flags) => {
      const { streamCommand } = await import('./stream.ts');
      finish(await streamCommand(model, text, flags));
    });
  program
    .command('simulate')
    .summary('the embedded marketplace as a server')
    .description('Serves the embedded marketplace: twelve models behind an OpenAI-compatible API.')
    .option('--port <n>', 'port', '8787')
    .option('--host <name>', 'address to listen on', '127.0.0.1')
    .option(
      '--api-key <key...>',
      'accept only these keys: KEY opens all models, KEY=A,B those (default: any key opens all)',
    )
    .option('--seed <text>', 'seed of answers and jitter')
    .option('--fault <rule...>', 'commit a fault, as stall@DeepSeek-R1 or 429:0.1')
    .option(
      '--scale <factor...>',
      'take so many times as long, as 1.1 (all models) or 1.1@DeepSeek-R1',
    )
    .option(
      '--skill <share...>',
      'be right so often, as 0.8 (all models) or 0.8@DeepSeek-R1 (default: as each model is)',
    )
    .option(
      '-s, --suite <name...>',
      'know the answers of these suites (names or files); generated cases as --seed draws them',
    )
    .option('--log <file>', 'write a new file with a line for each completion request as it ends')
    .option('--list-faults', 'print the faults and leave')
    .addOption(profileOption())
    .action(async (flags) => {
      const { simulateCommand } = await import('./simulate.ts');
      finish(await simulateCommand(flags));
    });
}
