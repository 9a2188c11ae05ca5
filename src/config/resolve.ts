import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { didYouMean } from '../diagnostics/format.ts';
import type { Problem } from '../diagnostics/types.ts';
import { rememberSecrets } from '../secrets/known.ts';
import { secretsOf } from '../secrets.ts';
import { parseBaseUrl } from './base-url.ts';
import type { LoadedConfig } from './load.ts';
import { MARKETPLACE_MODELS } from './marketplace-models.ts';
import { filterModels, modelsNamed, toModel } from './models.ts';
import type { TargetConfig } from './schema.ts';
import { DEFAULT_PATH, SIMULATOR } from './target-schema.ts';
import type { Target } from './types.ts';
import { expandVariables } from './variables.ts';

type Report = (key: (string | number)[], message: string, remedy?: string) => void;

const SET_IT = 'set it in the environment or in .env';

/**
 * The targets of a run, ready to be asked. Precedence for which: the options, then `TOKENTAPE_TARGET`
 * and `TOKENTAPE_MODEL` (commas between several), then `defaults.target`, then the first target, then
 * the simulator. Only targets that are used need their variables. A simulated target has no address:
 * the run fills it in.
 */
export function resolveTargets(
  loaded: LoadedConfig,
  options: {
    targets?: readonly string[] | undefined;
    /** `null`: all of them, whatever the variable says. */
    models?: readonly string[] | null | undefined;
  } = {},
): { targets: Target[]; problems: Problem[] } {
  const { config, env } = loaded;
  const problems: Problem[] = [];
  // A file with mistakes has told them; that its targets are unknown would be no news.
  if (loaded.problems.length > 0) return { targets: [], problems };
  const configs = config.targets ?? {};
  const names = [...Object.keys(configs), SIMULATOR];
  const asked = chosen(options.targets, '--target', env.TOKENTAPE_TARGET, 'TOKENTAPE_TARGET');
  const words = asked?.words ?? [config.defaults?.target ?? (names[0] as string)];

  const targets: Target[] = [];
  for (const name of new Set(words)) {
    const target = configs[name];
    if (name === SIMULATOR) targets.push(simulated(name, undefined, loaded));
    else if (target !== undefined && Object.hasOwn(configs, name)) {
      const resolved = resolveTarget(name, target, loaded, problems);
      if (resolved === undefined) continue;
      rememberSecrets(secretsOf(resolved));
      targets.push(resolved);
    } else {
      const remedy = didYouMean(name, names, `known: ${names.join(', ')}`);
      const file = asked?.source ?? 'defaults.target';
      const message = `no target ${name}`;
      problems.push({ file, line: 0, column: 0, path: '', message, ...(remedy && { remedy }) });
    }
  }

  if (options.models === null) return { targets, problems };
  const models = chosen(options.models, '--model', env.TOKENTAPE_MODEL, 'TOKENTAPE_MODEL');
  if (models === undefined || targets.length === 0) return { targets, problems };
  const configured = config.models ?? MARKETPLACE_MODELS;
  const filtered = filterModels(targets, [...new Set(models.words)], configured, models.source);
  return { targets: filtered.targets, problems: [...problems, ...filtered.problems] };
}

/** Words of a flag, else of its variable, with the name of where they came from. */
function chosen(
  words: readonly string[] | undefined,
  flag: string,
  variable: string | undefined,
  variableName: string,
): { words: readonly string[]; source: string } | undefined {
  if (words !== undefined && words.length > 0) return { words, source: flag };
  const fromVariable = (variable ?? '').split(',').map((word) => word.trim());
  const kept = fromVariable.filter((word) => word !== '');
  return kept.length > 0 ? { words: kept, source: variableName } : undefined;
}

function resolveTarget(
  name: string,
  target: TargetConfig,
  loaded: LoadedConfig,
  problems: Problem[],
): Target | undefined {
  const { env, file } = loaded;
  const before = problems.length;
  const report: Report = (key, message, remedy) => {
    const path = ['targets', name, ...key];
    problems.push({
      file: file ?? 'the built-in config',
      ...loaded.locate(path),
      path: path.join('.'),
      message,
      ...(remedy === undefined ? {} : { remedy }),
    });
  };

  const address = expandVariables(target.base_url, env);
  const key = target.api_key === undefined ? undefined : expandVariables(target.api_key, env);
  const keyIsSet = key !== undefined && key.missing.length === 0;
  if (target.when_unset === 'simulate' && address.missing.length > 0 && !keyIsSet) {
    if (address.used.length === 0) return simulated(name, target, loaded);
  }

  for (const variable of address.missing) {
    const but = keyIsSet ? `, though ${key.used.join()} is` : '';
    report(['base_url'], `${variable} is not set${but}`, SET_IT);
  }
  for (const variable of key?.missing ?? []) {
    const but = address.used.length > 0 ? `, though ${address.used.join(' and ')} is` : '';
    report(['api_key'], `${variable} is not set${but}`, SET_IT);
  }
  if (key !== undefined && !isHeaderText(key.value)) {
    report(['api_key'], `${key.used.join()} holds characters that no header can carry`);
  }
  const path = target.path ?? DEFAULT_PATH;
  const baseUrl = resolveAddress(address, path, target.allow_http ?? false, report);
  const headers = resolveHeaders(target.headers ?? {}, loaded, report);
  const caFile =
    target.ca_file === undefined ? undefined : resolve(loaded.directory, target.ca_file);
  if (caFile !== undefined && !isReadable(caFile)) report(['ca_file'], 'cannot be read');

  if (problems.length > before || baseUrl === undefined) return undefined;
  return {
    name,
    baseUrl,
    path,
    apiKey: key?.value,
    dialect: target.dialect ?? 'openai',
    protocol: target.protocol ?? 'http/1.1',
    ...(target.continuous_usage && { continuousUsage: true }),
    headers,
    ...(target.public_headers && { publicHeaders: target.public_headers }),
    models: modelsOf(target, loaded),
    caFile,
    simulated: false,
  };
}

function resolveAddress(
  address: { value: string; missing: string[]; used: string[] },
  path: string,
  allowHttp: boolean,
  report: Report,
): string | undefined {
  if (address.missing.length > 0) return undefined;
  const parsed = parseBaseUrl(address.value, { path, allowHttp });
  if ('baseUrl' in parsed) return parsed.baseUrl;
  const subject = address.used.length > 0 ? `${address.used.join(' and ')} ` : '';
  report(['base_url'], subject + parsed.message, parsed.remedy);
  return undefined;
}

function resolveHeaders(
  templates: Record<string, string>,
  { env }: LoadedConfig,
  report: Report,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, template] of Object.entries(templates)) {
    const { value, missing } = expandVariables(template, env);
    for (const variable of missing) report(['headers', name], `${variable} is not set`, SET_IT);
    if (!isHeaderText(value)) {
      report(['headers', name], 'holds characters that no header can carry');
    }
    headers[name] = value;
  }
  return headers;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Visible ASCII, spaces and tabs. */
function isHeaderText(text: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(text);
}

function modelsOf(target: TargetConfig | undefined, { config }: LoadedConfig): Target['models'] {
  const configured = config.models;
  if (target?.models === 'subscribed') return 'subscribed';
  if (target?.models !== undefined) {
    return modelsNamed(target.models, configured ?? MARKETPLACE_MODELS);
  }
  // An endpoint that the config says nothing of knows best what it serves.
  if (configured === undefined && target !== undefined) return 'subscribed';
  return (configured ?? MARKETPLACE_MODELS).map(toModel);
}

/** The embedded marketplace under the target's name; nothing of the real one's access goes to it. */
function simulated(name: string, target: TargetConfig | undefined, loaded: LoadedConfig): Target {
  return {
    name,
    baseUrl: '',
    path: target?.path ?? DEFAULT_PATH,
    apiKey: undefined,
    dialect: target?.dialect ?? 'openai',
    protocol: 'http/1.1',
    ...(target?.continuous_usage && { continuousUsage: true }),
    headers: {},
    models: modelsOf(target, loaded),
    caFile: undefined,
    simulated: true,
  };
}
