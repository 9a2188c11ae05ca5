import { z } from 'zod';
import { didYouMean } from '../diagnostics/format.ts';
import { KEY_HEADER } from '../secrets.ts';
import { SIMULATOR } from './target-schema.ts';

/** A mistake between two places of the file. */
export interface CrossProblem {
  path: (string | number)[];
  message: string;
  remedy?: string;
}

const looseTarget = z.object({
  models: z.array(z.string()).catch([]),
  headers: z.record(z.string(), z.unknown()).catch({}),
  public_headers: z.array(z.string()).catch([]),
});

/** What the checks look at, whatever else is wrong with the file. */
const looseSchema = z
  .object({
    models: z
      .array(z.object({ name: z.string(), alias: z.string().optional() }).nullable().catch(null))
      .catch([]),
    targets: z
      .record(z.string(), looseTarget.catch({ models: [], headers: {}, public_headers: [] }))
      .catch({}),
    defaults: z.object({ target: z.string().optional().catch(undefined) }).catch({}),
  })
  .catch({ models: [], targets: {}, defaults: {} });

/**
 * Checks that names are unique and that references lead somewhere. Takes data that may be wrong in
 * other ways, so that all mistakes of a file are told at once.
 */
export function crossCheck(data: unknown): CrossProblem[] {
  const config = looseSchema.parse(data);
  const problems: CrossProblem[] = [];

  const owner = new Map<string, string>();
  for (const [index, model] of config.models.entries()) {
    if (model === null) continue;
    for (const key of ['name', 'alias'] as const) {
      const word = model[key];
      if (word === undefined || (key === 'alias' && word === model.name)) continue;
      const first = owner.get(word);
      if (first === undefined) owner.set(word, `models.${index}.${key}`);
      else problems.push({ path: ['models', index, key], message: `is already ${first}` });
    }
  }

  // Without a list of models, a target's own names are taken as they are.
  const names = [...owner.keys()];
  for (const [target, { models }] of Object.entries(config.targets)) {
    for (const [index, word] of models.entries()) {
      const path = ['targets', target, 'models', index];
      if (models.indexOf(word) < index) problems.push({ path, message: 'is listed twice' });
      if (names.length === 0 || owner.has(word)) continue;
      const remedy = didYouMean(word, names, 'add it there');
      problems.push({ path, message: 'is neither name nor alias under models', ...some(remedy) });
    }
  }

  for (const [target, { headers, public_headers: listed }] of Object.entries(config.targets)) {
    const known = Object.keys(headers);
    for (const [index, name] of listed.entries()) {
      const path = ['targets', target, 'public_headers', index];
      const isName = (other: string): boolean => other.toLowerCase() === name.toLowerCase();
      if (!known.some(isName)) {
        const remedy = didYouMean(name, known, 'add it there, or remove it here');
        problems.push({ path, message: 'is no header of this target', ...some(remedy) });
      } else if (listed.findIndex(isName) < index) {
        problems.push({ path, message: 'is listed twice' });
      } else if (KEY_HEADER.test(name)) {
        const remedy = 'remove it: its name says that it holds a credential';
        problems.push({ path, message: 'is always secret', remedy });
      }
    }
  }

  const targets = [...Object.keys(config.targets), SIMULATOR];
  const { target } = config.defaults;
  if (target !== undefined && !targets.includes(target)) {
    const remedy = didYouMean(target, targets, `known: ${targets.join(', ')}`);
    problems.push({ path: ['defaults', 'target'], message: 'no such target', ...some(remedy) });
  }
  return problems;
}

function some(remedy: string | undefined): { remedy?: string } {
  return remedy === undefined ? {} : { remedy };
}
