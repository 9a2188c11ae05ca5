import { access, readFile, writeFile } from 'node:fs/promises';
import { starterConfig } from '../config/init.ts';
import { messageOf, usageError, writeError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { processOutput } from './output.ts';

/** The package's own template. */
const ENV_EXAMPLE = new URL('../../.env.example', import.meta.url);

export interface InitFlags {
  force?: boolean;
}

/** `tokentape init`: a first config and a template for the keys. */
export async function initCommand(flags: InitFlags): Promise<ExitCode> {
  const output = processOutput();
  const files = {
    'bench.config.yaml': starterConfig(),
    '.env.example': await readFile(ENV_EXAMPLE, 'utf8'),
  };
  if (flags.force !== true) {
    for (const file of Object.keys(files)) {
      if (await exists(file))
        throw usageError(`${file} exists already`, 'overwrite it with --force');
    }
  }
  for (const [file, text] of Object.entries(files)) {
    try {
      await writeFile(file, text);
    } catch (error) {
      throw writeError(`cannot write ${file}: ${messageOf(error)}`, undefined, error);
    }
    output.say(`Written: ${file}`);
  }
  output.say(
    'Put the address and the key into .env (see .env.example), then: npx tokentape models',
  );
  return EXIT.done;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
