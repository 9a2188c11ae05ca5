import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readBoundedText } from '../bounded-read.ts';
import type { Problem } from '../diagnostics/types.ts';
import { readYaml } from '../diagnostics/yaml.ts';
import { YAML_LIMITS } from '../diagnostics/yaml-tokens.ts';
import { errorCode, messageOf } from '../errors.ts';
import { isInside } from '../inside.ts';
import { type SuiteFile, suiteFileSchema } from './schema.ts';

/** A suite file as read: checked, and with the means to say where in it something stands. */
export interface SuiteSource {
  path: string;
  /** The file's text; empty where it could not be read. */
  text: string;
  /** `undefined` where there are problems. */
  file: SuiteFile | undefined;
  problems: Problem[];
  /** The place of a value in the file, both 1-based. */
  locate(path: (string | number)[]): { line: number; column: number };
}

/** Names of the suites in a folder, sorted; none where the folder is missing or unreadable. */
export function listSuites(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter(
        (name) => name.endsWith('.yaml') && !name.startsWith('.') && liesIn(dir, join(dir, name)),
      )
      .map((name) => name.slice(0, -'.yaml'.length))
      .sort();
  } catch {
    return [];
  }
}

/** Whether it is a file, and no link that leads out of the folder. */
export function liesIn(dir: string, path: string): boolean {
  return existsSync(path) && statSync(path).isFile() && isInside(path, dir);
}

/** Where the file of a suite lies in its folder. */
export function suitePath(dir: string, name: string): string {
  return join(dir, `${name}.yaml`);
}

/** Reads and checks a suite file; nothing is drawn and no data file is opened. */
export function readSuiteFile(path: string): SuiteSource {
  let text: string;
  try {
    text = readBoundedText(path, YAML_LIMITS.bytes);
  } catch (error) {
    const problem = {
      ...{ file: path, line: 0, column: 0, path: '' },
      message: `the suite cannot be read (${errorCode(error) ?? messageOf(error)})`,
    };
    const locate = () => ({ line: 0, column: 0 });
    return { path, text: '', file: undefined, problems: [problem], locate };
  }
  const { value, problems, locate } = readYaml<SuiteFile>(text, path, suiteFileSchema);
  return { path, text, file: value, problems, locate };
}
