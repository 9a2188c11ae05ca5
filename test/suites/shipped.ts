import { BUILT_IN_SUITES_DIR, loadSuite } from '../../src/suite/load.ts';
import type { Suite } from '../../src/suite/types.ts';

/** A shipped suite, drawn with one seed. */
export function shipped(name: string): Suite {
  const { suite, problems } = loadSuite(name, [BUILT_IN_SUITES_DIR], 'seed');
  if (suite === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  return suite;
}
