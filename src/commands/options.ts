import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from '../exit-codes.ts';

/** Takes the exit code of the command that ran. */
export type Finish = (code: ExitCode) => void;

/** Splits at commas as well, so that `-m a,b` and `-m a -m b` and `-m a b` are one. */
export function collect(value: string, previous: string[] | undefined): string[] {
  const words = value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) throw new InvalidArgumentError('It names nothing.');
  return [...(previous ?? []), ...words];
}

export function addEndpointOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'config file (default: bench.config.yaml)')
    .option('-t, --target <name...>', 'targets of the config, or `simulator`', collect);
}

export function modelOption(): Option {
  return new Option('-m, --model <name...>', 'only these models, by name or alias').argParser(
    collect,
  );
}

export function profileOption(): Option {
  return new Option('--profile <name>', 'speed of the embedded simulator').choices([
    'default',
    'fast',
    'slow',
  ]);
}
