import type { Model, Target } from '../config/types.ts';
import { didYouMean } from '../diagnostics/format.ts';
import type { JudgeLookup } from './types.ts';

/**
 * Finds judges among the targets of a config. A target's name holds no slash, a model's may.
 * @param targets as they are reached: addressed, keys in place; their own models need not be known
 * @param modelsNamed what the config says of models: prices above all
 */
export function judgeLookup(
  targets: readonly Target[],
  modelsNamed: (names: readonly string[]) => Model[],
): JudgeLookup {
  return (name) => {
    const [targetName = '', ...rest] = name.split('/');
    const modelName = rest.join('/');
    if (modelName === '') {
      return { problem: `${JSON.stringify(name)} is no judge: write it as TARGET/MODEL` };
    }
    const target = targets.find((one) => one.name === targetName);
    if (target === undefined) {
      const names = targets.map((one) => one.name);
      const remedy = didYouMean(targetName, names, `there are ${names.join(', ')}`);
      return { problem: `the judge ${name} names no target of the config: ${remedy}` };
    }
    const listed = target.models === 'subscribed' ? [] : target.models;
    const model =
      listed.find((one) => one.name === modelName || one.label === modelName) ??
      modelsNamed([modelName])[0];
    if (model === undefined) return { problem: `the judge ${name} names no model` };
    return { name, target, model };
  };
}
