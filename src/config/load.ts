import { basename, dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { readBoundedText } from '../bounded-read.ts';
import type { Problem } from '../diagnostics/types.ts';
import { type Place, readYaml } from '../diagnostics/yaml.ts';
import { YAML_LIMITS } from '../diagnostics/yaml-tokens.ts';
import { errorCode, messageOf, usageError } from '../errors.ts';
import { keysStandingIn, rememberSecrets, secretsIn } from '../secrets/known.ts';
import { crossCheck } from './cross-check.ts';
import { MARKETPLACE_MODELS } from './marketplace-models.ts';
import { type BenchConfig, configSchema } from './schema.ts';
import type { Environment } from './variables.ts';

/** What holds in a folder without a config. */
const BUILT_IN_CONFIG: BenchConfig = {
  targets: {
    marketplace: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of the config
      base_url: '${MARKETPLACE_API_BASE}',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of the config
      api_key: '${MARKETPLACE_API_KEY}',
      when_unset: 'simulate',
    },
  },
  models: MARKETPLACE_MODELS,
};

/** Variables of a machine come to some thousands of bytes. */
const DOT_ENV_BYTES_MAX = 1024 * 1024;

export const CONFIG_NAMES = ['bench.config.yaml', 'bench.config.yml'] as const;

/** A config with all that is needed to resolve it and to say where its mistakes are. */
export interface LoadedConfig {
  /** Empty where there are problems, or no file. */
  config: BenchConfig;
  /** The file's values as they stand, whatever is wrong with them: later stages tell their mistakes at once with these. */
  data: unknown;
  /** As the user would name it; `null` where the built-in default is used. */
  file: string | null;
  /** What relative paths inside the config are relative to. */
  directory: string;
  /** The process's environment over the `.env` beside the config. Secret. */
  env: Environment;
  problems: Problem[];
  locate(path: readonly (string | number)[]): Place;
}

/**
 * Reads `bench.config.yaml` (or `.yml`) from `cwd`, or the file at `path` or in `TOKENTAPE_CONFIG`,
 * and the `.env` beside it. Without a file: the marketplace of the usual variables with its twelve
 * models, or the embedded simulator where these are not set. Nothing is written to `process.env`.
 * @throws TokentapeError (exit 2) where a file is named but cannot be read
 */
export function loadConfig(options: {
  path?: string | undefined;
  cwd: string;
  env: Environment;
}): LoadedConfig {
  const named = options.path ?? (options.env.TOKENTAPE_CONFIG || undefined);
  const found = named === undefined ? findConfig(options.cwd) : readNamed(named, options.cwd);
  const directory = found === undefined ? options.cwd : dirname(resolve(options.cwd, found.file));
  const env = { ...readDotEnv(join(directory, '.env')), ...definedIn(options.env) };
  rememberSecrets([...secretsIn(env), ...keysStandingIn(found?.text ?? '')]);
  if (found === undefined) {
    const locate = (): Place => ({ line: 0, column: 0 });
    const config = BUILT_IN_CONFIG;
    return { config, data: config, file: null, directory, env, problems: [], locate };
  }

  const { file, text } = found;
  const read = readYaml(text, file, configSchema);
  const known = new Set(read.problems.map((problem) => problem.path));
  const crossing = crossCheck(read.data)
    .filter((problem) => !known.has(problem.path.join('.')))
    .map(
      ({ path, ...what }): Problem => ({
        file,
        ...read.locate(path),
        path: path.join('.'),
        ...what,
      }),
    );
  const problems = [...read.problems, ...crossing].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  );
  const config = problems.length === 0 && read.value !== undefined ? read.value : {};
  return { config, data: read.data, file, directory, env, problems, locate: read.locate };
}

function findConfig(cwd: string): { file: string; text: string } | undefined {
  for (const file of CONFIG_NAMES) {
    const text = readIfThere(join(cwd, file), file);
    if (text !== undefined) return { file, text };
  }
  return undefined;
}

function readNamed(file: string, cwd: string): { file: string; text: string } {
  const text = readIfThere(resolve(cwd, file), file);
  if (text !== undefined) return { file, text };
  throw usageError(`${file}: no such file`, `give the path of a ${CONFIG_NAMES[0]}`);
}

function readDotEnv(path: string): Environment {
  try {
    return parseEnv(readBoundedText(path, DOT_ENV_BYTES_MAX));
  } catch (error) {
    // A folder of that name is some other tool's.
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errorCode(error) ?? '')) return {};
    throw usageError(`${basename(path)} cannot be read: ${messageOf(error)}`);
  }
}

function readIfThere(path: string, shown: string): string | undefined {
  try {
    return readBoundedText(path, YAML_LIMITS.bytes);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return undefined;
    const why = code === 'EISDIR' ? 'it is a folder' : messageOf(error);
    throw usageError(`${shown} cannot be read: ${why}`);
  }
}

function definedIn(env: Environment): Record<string, string> {
  const entries = Object.entries(env).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Record<string, string>;
}
