import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { z } from 'zod';
import type { LoadedConfig } from '../config/load.ts';
import type { TokenizerIdentities } from '../config/public.ts';
import type { StoredTokenizer } from '../config/stored.ts';
import type { Target } from '../config/types.ts';
import type { Problem } from '../diagnostics/types.ts';
import { usageError } from '../errors.ts';
import { openTokenizer, type Tokenizer } from '../tokens/tokenizer.ts';

/** Open tokenizers, by their paths as the config writes them. */
export type Tokenizers = ReadonlyMap<string, Tokenizer>;

/** What of the file names tokenizers, whatever else is wrong with it. */
const looseSchema = z
  .object({
    models: z
      .array(
        z.object({ name: z.string(), tokenizer: z.string().optional() }).nullable().catch(null),
      )
      .catch([]),
  })
  .catch({ models: [] });

/**
 * Opens the tokenizers of the models that a run asks, or of all where the endpoints choose them.
 * @param targets `null`: of every model in the config
 * @param cwd what the paths kept in manifests are relative to
 */
export function openTokenizers(
  loaded: LoadedConfig,
  targets: readonly Target[] | null,
  cwd: string,
): { tokenizers: Tokenizers; problems: Problem[] } {
  const wanted = wantedModels(targets);
  const tokenizers = new Map<string, Tokenizer>();
  const problems: Problem[] = [];
  for (const [index, model] of looseSchema.parse(loaded.data).models.entries()) {
    const written = model?.tokenizer;
    if (!written || (wanted !== null && !wanted.has(model.name))) continue;
    if (tokenizers.has(written)) continue;
    const path = resolve(loaded.directory, written);
    const opened = openTokenizer(path, { shown: relative(cwd, path).replaceAll('\\', '/') });
    if ('identity' in opened) {
      tokenizers.set(written, opened);
      continue;
    }
    // A missing package, or a file of several models, is one mistake.
    if (problems.some(({ message }) => message === opened.problem)) continue;
    const place = ['models', index, 'tokenizer'];
    problems.push({
      file: loaded.file ?? '',
      ...loaded.locate(place),
      path: place.join('.'),
      message: opened.problem,
      remedy: opened.remedy,
    });
  }
  return { tokenizers, problems };
}

function wantedModels(targets: readonly Target[] | null): Set<string> | null {
  if (targets === null || targets.length === 0) return null;
  const names = new Set<string>();
  for (const { models } of targets) {
    if (models === 'subscribed') return null;
    for (const { name } of models) names.add(name);
  }
  return names;
}

/** What a manifest keeps of them. */
export function identitiesOf(tokenizers: Tokenizers = new Map()): TokenizerIdentities {
  return new Map([...tokenizers].map(([written, { identity }]) => [written, { ...identity }]));
}

/**
 * The tokenizers that a stored run counted with, by their files, opened again.
 * @param cwd what those files are relative to
 * @throws TokentapeError (exit 2) where one is gone, or is another one by now
 */
export function reopenTokenizers(stored: readonly StoredTokenizer[], cwd: string): Tokenizers {
  return new Map(
    stored.map(({ file, sha256, config_sha256 }) => {
      const path = resolve(cwd, file);
      // The run may be somebody else's: what it names is at least a file as tokenizers are.
      if (!file.endsWith('.json') || (existsSync(path) && !statSync(path).isFile())) {
        throw usageError(`the run counted with a tokenizer: ${file} is no JSON file`, FROM_WHERE);
      }
      const opened = openTokenizer(path, { shown: file });
      if ('problem' in opened) {
        throw usageError(`the run counted with a tokenizer: ${opened.problem}`, FROM_WHERE);
      }
      const { identity } = opened;
      if (identity.sha256 !== sha256 || identity.config_sha256 !== config_sha256) {
        throw usageError(
          `${file} is not the tokenizer any more that the run counted with`,
          FROM_WHERE,
        );
      }
      return [file, opened];
    }),
  );
}

const FROM_WHERE = 'its path is taken from the folder that the run was started in';
