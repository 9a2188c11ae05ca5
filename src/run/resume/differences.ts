import { withoutUserinfo } from '../../config/public.ts';
import type { Model, Target } from '../../config/types.ts';
import { hashOf } from '../../plan/hash.ts';
import type { ListedTarget } from '../../plan/plan.ts';
import type { ModelCatalogue } from '../targets.ts';

/**
 * In what the config of now would ask others than the run did, or ask them otherwise. Prices, names shown
 * and tags are no part of that: of these the run keeps its own.
 * @param then the targets of the run, by its manifest
 * @param now the targets of the same names; those that could not be resolved are missing, and told apart
 * @param catalogue what the config says of models that a target does not list
 * @returns a sentence each
 */
export function targetDifferences(
  then: readonly ListedTarget[],
  now: readonly Target[],
  catalogue: ModelCatalogue,
): string[] {
  return then.flatMap((target) => {
    const today = now.find(({ name }) => name === target.name);
    if (today === undefined) return [];
    return [...reachedOtherwise(target, today), ...modelsApart(target, today, catalogue)].map(
      (difference) => `target ${target.name}: ${difference}`,
    );
  });
}

function reachedOtherwise(then: Target, now: Target): string[] {
  if (then.simulated !== now.simulated) {
    return [
      then.simulated
        ? 'the embedded simulator answered for it, now it has an address'
        : `it was asked at ${then.baseUrl}, now the embedded simulator would answer, for its variables are not set`,
    ];
  }
  // Where the simulator answers, addresses are its own.
  const fields: [string, unknown, unknown][] = then.simulated
    ? [['dialect', then.dialect, now.dialect]]
    : [
        ['base_url', then.baseUrl, withoutUserinfo(now.baseUrl)],
        ['path', then.path, now.path],
        ['protocol', then.protocol, now.protocol],
        ['dialect', then.dialect, now.dialect],
      ];
  const asked = [
    'continuous_usage',
    then.continuousUsage ?? false,
    now.continuousUsage ?? false,
  ] as [string, unknown, unknown];
  return [...fields, asked].flatMap(([name, before, today]) =>
    before === today ? [] : [`${name} was ${before}, now it is ${today}`],
  );
}

function modelsApart(then: ListedTarget, now: Target, catalogue: ModelCatalogue): string[] {
  const listed = now.models;
  const modelNow = (name: string): Model | undefined =>
    listed === 'subscribed'
      ? catalogue.named([name])[0]
      : listed.find((model) => model.name === name);
  return then.models.flatMap(({ name, parameters }) => {
    const model = modelNow(name);
    if (model === undefined) return [`it has no model ${name} any more`];
    if (hashOf(parameters) === hashOf(model.parameters)) return [];
    const [before, today] = [parameters, model.parameters].map((each) => JSON.stringify(each));
    return [`parameters of ${name} were ${before}, now they are ${today}`];
  });
}
