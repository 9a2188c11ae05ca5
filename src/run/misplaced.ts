import { publicConfig } from '../config/public.ts';
import type { RunSettings, Target } from '../config/types.ts';
import type { Problem } from '../diagnostics/types.ts';
import type { JsonValue } from '../json.ts';
import { createRedactor, secretsOf } from '../secrets.ts';
import type { Suite } from '../suite/types.ts';

/** A shorter key may well be the name of the server that takes any. */
const KEY_LENGTH_MIN = 12;

/**
 * Keys that stand where a name, an address or a setting should: these are written as they are, and results
 * could not be read again without them.
 * @returns one problem for each place; none says what stands there
 */
export function misplacedKeys(
  targets: readonly Target[],
  settings: RunSettings,
  suites: readonly Suite[] = [],
): Problem[] {
  const keys = targets
    .flatMap(secretsOf)
    .filter(({ isKey, value }) => isKey && value.length >= KEY_LENGTH_MIN);
  if (keys.length === 0) return [];
  const redactor = createRedactor(keys);
  const names = Object.fromEntries(
    suites.map(({ name, cases }) => [name, { name, cases: cases.map(({ id }) => id) }]),
  );
  const written = {
    ...publicConfig(targets, settings),
    output: settings.outputDir,
    suites: names,
  };
  return leavesOf(written, []).flatMap(({ path, text }) =>
    redactor.text(text) === text
      ? []
      : {
          file: 'the key of a target',
          ...{ line: 0, column: 0, path: '' },
          message: `stands in ${redactor.text(path.join('.'))}, which is written to every file of results`,
          remedy: 'keep it in its variable, and give another name there',
        },
  );
}

interface Leaf {
  path: string[];
  text: string;
}

function leavesOf(value: JsonValue | object, path: string[]): Leaf[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => leavesOf(one, [...path, name]));
}
