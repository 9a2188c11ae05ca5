import { didYouMean } from '../diagnostics/format.ts';
import type { Problem } from '../diagnostics/types.ts';
import type { JsonObject } from '../json.ts';
import { PARAMETER_NAMES } from './model-schema.ts';
import type { ModelConfig } from './schema.ts';
import type { Model, Target } from './types.ts';

/** A model with its parameters as they go into the request body; the named ones win. */
export function toModel(config: ModelConfig): Model {
  const parameters: JsonObject = { ...config.parameters };
  for (const name of PARAMETER_NAMES) {
    const value = config[name];
    if (value !== undefined) parameters[name] = value;
  }
  return {
    name: config.name,
    label: config.alias ?? config.name,
    price: config.price ?? null,
    ...(config.tokenizer === undefined ? {} : { tokenizer: config.tokenizer }),
    tags: config.tags ?? [],
    parameters,
  };
}

/** The model that `word` names or abbreviates, else one of that name with nothing said of it. */
function modelNamed(word: string, configured: readonly ModelConfig[]): Model {
  const found = configured.find((model) => model.name === word || model.alias === word);
  return toModel(found ?? { name: word });
}

/** The models of several names or aliases, each once. */
export function modelsNamed(words: readonly string[], configured: readonly ModelConfig[]): Model[] {
  const models = words.map((word) => modelNamed(word, configured));
  return [...new Map(models.map((model) => [model.name, model])).values()];
}

/**
 * Keeps of each target the models that were asked for by name or alias, in the target's order. A
 * target that asks its endpoint what is subscribed takes every name as it is. Targets without any of
 * the models drop out.
 * @param source what to call the asking flag or variable in problems
 */
export function filterModels(
  targets: readonly Target[],
  words: readonly string[],
  configured: readonly ModelConfig[],
  source: string,
): { targets: Target[]; problems: Problem[] } {
  const takesAny = targets.some((target) => target.models === 'subscribed');
  const listed = targets.flatMap((target) => (target.models === 'subscribed' ? [] : target.models));
  const known = new Set(listed.flatMap((model) => [model.name, model.label]));
  const problems: Problem[] = [];
  for (const word of words) {
    if (takesAny || known.has(word)) continue;
    const labels = [...new Set(listed.map((model) => model.label))];
    const remedy = didYouMean(word, known, `known: ${labels.join(', ')}`);
    problems.push({
      file: source,
      line: 0,
      column: 0,
      path: '',
      message: `no model ${word}`,
      ...(remedy === undefined ? {} : { remedy }),
    });
  }
  const kept = targets.map((target): Target => {
    const models =
      target.models === 'subscribed'
        ? modelsNamed(words, configured)
        : target.models.filter(({ name, label }) => words.includes(name) || words.includes(label));
    return { ...target, models };
  });
  return { targets: kept.filter((target) => target.models.length > 0), problems };
}
