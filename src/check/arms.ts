import { modelsNamed } from '../config/models.ts';
import type { ModelConfig } from '../config/schema.ts';
import type { Model, Target } from '../config/types.ts';
import { didYouMean } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import type { Opponents } from '../plan/pairs.ts';
import type { ListedTarget } from '../plan/plan.ts';

/** What `--against` may name. */
export interface Candidates {
  /** As the run would ask them: only the models that were asked for. */
  targets: readonly Target[];
  /** The same targets with all of their models. */
  whole: readonly Target[];
  /** Of the config, and the simulator. */
  targetNames: readonly string[];
  configured: readonly ModelConfig[];
  /** Any target by its name, with all of its models. */
  resolveTarget(name: string): Target;
}

/** The second arm, before endpoints were asked for their models. */
export interface Baseline {
  /** `null`: the candidate's own. */
  target: Target | null;
  /** Name or alias; `null`: the candidate's own. */
  model: string | null;
}

/**
 * What `--against` means: a model of the candidate's target, by name or alias; else a target with the
 * same models; else `TARGET/MODEL`; else, where an endpoint is to tell what it serves, a model of it.
 * @throws TokentapeError (exit 2) where it is none of these
 */
export function findBaseline(word: string, from: Candidates): Baseline {
  const isModel = from.whole.some((target) => serves(target, word, from.configured));
  if (isModel) return { target: null, model: word };
  if (from.targetNames.includes(word)) return { target: from.resolveTarget(word), model: null };
  for (const [index, character] of [...word].entries()) {
    const [name, model] = [word.slice(0, index), word.slice(index + 1)];
    if (character !== '/' || !from.targetNames.includes(name) || model === '') continue;
    const target = from.resolveTarget(name);
    if (target.models === 'subscribed' || serves(target, model, from.configured)) {
      return { target, model };
    }
    throw unknown(
      word,
      target.models.map(({ label }) => `${name}/${label}`),
    );
  }
  if (from.whole.some(({ models }) => models === 'subscribed'))
    return { target: null, model: word };
  const models = from.whole.flatMap((target) =>
    target.models === 'subscribed' ? [] : target.models,
  );
  throw unknown(word, [...models.flatMap(({ name, label }) => [label, name]), ...from.targetNames]);
}

function unknown(word: string, known: readonly string[]): Error {
  const all = [...new Set(known)];
  return usageError(
    `--against: there is no model or target ${word}`,
    didYouMean(word, all, `known: ${all.join(', ')}; TARGET/MODEL names both`),
  );
}

/** Of an endpoint that is to tell its models itself, the config's are taken for the likely ones. */
function serves({ models }: Target, word: string, configured: readonly ModelConfig[]): boolean {
  if (models !== 'subscribed') return models.some((model) => isCalled(model, word));
  return configured.some(({ name, alias }) => name === word || alias === word);
}

function isCalled({ name, label }: Model, word: string): boolean {
  return name === word || label === word;
}

/** The targets of both arms, each once, with the models that either needs. */
export function targetsOfBoth(from: Candidates, baseline: Baseline): Target[] {
  const byName = new Map(from.targets.map((target) => [target.name, target]));
  const second = baseline.target === null ? from.targets : [baseline.target];
  for (const { name } of second) {
    const whole = from.whole.find((target) => target.name === name) ?? baseline.target;
    if (whole === null) continue;
    const candidate = byName.get(name);
    byName.set(name, {
      ...whole,
      models: bothModels(whole, candidate, neededOf(from, baseline)),
    });
  }
  return [...byName.values()];
}

/** Names or aliases of the models that the second arm asks; `null` where only the endpoint knows. */
function neededOf(from: Candidates, { model }: Baseline): string[] | null {
  if (model !== null) return [model];
  const lists = from.targets.map(({ models }) => models);
  return lists.some((models) => models === 'subscribed')
    ? null
    : lists.flatMap((models) => (models as Model[]).map(({ name }) => name));
}

function bothModels(
  whole: Target,
  candidate: Target | undefined,
  needed: readonly string[] | null,
): Target['models'] {
  const own = candidate?.models ?? [];
  if (whole.models === 'subscribed' || own === 'subscribed') return 'subscribed';
  const more = whole.models.filter(
    (model) => needed?.some((word) => isCalled(model, word)) ?? true,
  );
  return [...new Map([...own, ...more].map((model) => [model.name, model])).values()];
}

/**
 * Who is held against whom, once all models are known. A model is held against itself only where
 * nothing else was asked for.
 * @param listed of `targetsOfBoth`, by name
 * @throws TokentapeError (exit 2) where a candidate has no counterpart
 */
export function opponentsOf(
  from: Candidates,
  baseline: Baseline,
  listed: ReadonlyMap<string, ListedTarget>,
): Opponents[] {
  const found: Opponents[] = [];
  const lacking: string[] = [];
  for (const asked of from.targets) {
    const candidates = modelsAsked(asked, listed.get(asked.name));
    const second = listed.get(baseline.target?.name ?? asked.name);
    for (const model of candidates) {
      const other = counterpart(second, baseline.model ?? model.name, baseline.target, from);
      if (other === undefined || second === undefined) {
        lacking.push(model.label);
        continue;
      }
      found.push({
        candidate: { target: asked.name, model },
        baseline: { target: second.name, model: other },
      });
    }
  }
  if (lacking.length > 0) {
    const where = baseline.target?.name ?? from.targets.map(({ name }) => name).join(', ');
    const what = baseline.model ?? lacking.join(', ');
    throw usageError(
      `--against: ${where} has no model ${what}`,
      'name the models to compare with --model, or both with TARGET/MODEL',
    );
  }
  const others = found.filter((one) => !isSame(one));
  return others.length > 0 && baseline.model !== null ? others : found;
}

function modelsAsked(asked: Target, listed: ListedTarget | undefined): Model[] {
  return asked.models === 'subscribed' ? (listed?.models ?? []) : asked.models;
}

/** What an endpoint does not list, it may serve all the same where it was named outright. */
function counterpart(
  second: ListedTarget | undefined,
  word: string,
  named: Target | null,
  { whole, configured }: Candidates,
): Model | undefined {
  const model = second?.models.find((one) => isCalled(one, word));
  if (model !== undefined || second === undefined) return model;
  const from = named ?? whole.find(({ name }) => name === second.name);
  return from?.models === 'subscribed' ? modelsNamed([word], configured)[0] : undefined;
}

function isSame({ candidate, baseline }: Opponents): boolean {
  return candidate.target === baseline.target && candidate.model.name === baseline.model.name;
}
