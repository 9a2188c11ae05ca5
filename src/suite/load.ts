import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { didYouMean } from '../diagnostics/format.ts';
import type { Problem } from '../diagnostics/types.ts';
import { DATA_CASES, dataSuite } from './data-suite.ts';
import { layoutOf } from './dataset.ts';
import { type DrawnSuite, type DrawOptions, drawSuite } from './draw.ts';
import { stemOf } from './import.ts';
import { liesIn, listSuites, readSuiteFile, type SuiteSource, suitePath } from './read.ts';

/** The suites that come with the package. */
export const BUILT_IN_SUITES_DIR = fileURLToPath(new URL('../../suites', import.meta.url));

/** Where suites are looked for, first match first: the user's own shadow the built-in ones. */
export function suiteSearchDirs(workingDir: string): string[] {
  return [...new Set([resolve(workingDir, 'suites'), BUILT_IN_SUITES_DIR])];
}

/**
 * Finds, reads and draws a suite.
 * @param nameOrPath a suite's name, or the path of a `.yaml` or a data file, whose name is then the suite's
 * @param searchDirs folders in which names are looked up, first match first
 * @param seed the run's seed: the same one draws the same cases
 * @param options.dataCases of a data file, how many cases to draw; `DATA_CASES` by default
 */
export function loadSuite(
  nameOrPath: string,
  searchDirs: readonly string[],
  seed: string,
  {
    dataCases = DATA_CASES,
    ...options
  }: Omit<DrawOptions, 'seed'> & { dataCases?: number | undefined } = {},
): DrawnSuite {
  if (layoutOf(nameOrPath) !== undefined) {
    const source = dataSuite(nameOrPath, dataCases);
    if (!('locate' in source)) return { suite: undefined, problems: [source] };
    return drawn(stemOf(nameOrPath), source, { ...options, seed });
  }
  const path = findSuite(nameOrPath, searchDirs);
  if (typeof path !== 'string') return { suite: undefined, problems: [path] };
  return drawn(basename(path, extname(path)), readSuiteFile(path), { ...options, seed });
}

function drawn(name: string, source: SuiteSource, options: DrawOptions): DrawnSuite {
  const { file } = source;
  if (file === undefined) return { suite: undefined, problems: source.problems };
  return drawSuite(name, { ...source, file }, options);
}

/** The path of a suite's file, or why there is none. */
export function findSuite(nameOrPath: string, searchDirs: readonly string[]): string | Problem {
  if (/\.ya?ml$/.test(nameOrPath)) return nameOrPath;
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(nameOrPath)) {
    const remedy = 'name one as `list` shows it, or give the path of a .yaml or a data file';
    return nowhere(`${JSON.stringify(nameOrPath)} is no name of a suite`, remedy);
  }
  const dir = searchDirs.find((each) => existsSync(suitePath(each, nameOrPath)));
  if (dir !== undefined) {
    const path = suitePath(dir, nameOrPath);
    if (liesIn(dir, path)) return path;
    return nowhere(`${path} is no file of its folder`, 'give the path of the file itself: -s FILE');
  }
  const names = [...new Set(searchDirs.flatMap(listSuites))].sort();
  const meant = didYouMean(nameOrPath, names);
  const there = names.length > 0 ? `there are ${names.join(', ')}` : 'there are none';
  const remedy = meant === undefined ? there : `${meant} (${there})`;
  return nowhere(`unknown suite ${JSON.stringify(nameOrPath)}`, remedy);
}

/** A problem with what was asked for, not with a place in a file. */
function nowhere(message: string, remedy: string): Problem {
  return { file: '--suite', line: 0, column: 0, path: '', message, remedy };
}
