import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { environmentWithoutSecrets } from '../../secrets/known.ts';

export type PythonInterpreter = { path: string } | { problem: string };

const OLDEST = [3, 8] as const;
const ASK = `import json, sys
print(json.dumps([sys.executable, sys.implementation.name, *sys.version_info[:2]]))`;

let found: Promise<PythonInterpreter> | undefined;

/**
 * The first CPython of the PATH that is new enough and runs with an empty environment; looked for
 * once. Shims of version managers are scripts: it is what they start that is taken.
 */
export function pythonInterpreter(): Promise<PythonInterpreter> {
  found ??= search(process.env.PATH ?? '');
  return found;
}

/** Nothing but what a shared build of Python needs to find its own library. */
export function pythonEnvironment(): Record<string, string> {
  const libraries = process.env.LD_LIBRARY_PATH;
  return { TZ: 'UTC0', ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }) };
}

export async function search(path: string): Promise<PythonInterpreter> {
  let problem = 'no python3 on the PATH';
  for (const folder of path.split(delimiter).filter((one) => one !== '')) {
    for (const name of ['python3', 'python']) {
      const told = await ask(join(folder, name), environmentWithoutSecrets(process.env));
      if (told === undefined) continue;
      const [real, implementation, major, minor] = told;
      if (implementation !== 'cpython') problem = `${real} is ${implementation}, not CPython`;
      else if (major !== OLDEST[0] || minor < OLDEST[1]) {
        problem = `${real} is Python ${major}.${minor}; ${OLDEST.join('.')} or newer is needed`;
      } else if ((await ask(real, pythonEnvironment())) !== undefined) return { path: real };
      else problem = `${real} does not run with an empty environment`;
    }
  }
  return { problem };
}

type Told = [path: string, implementation: string, major: number, minor: number];

function ask(path: string, env: NodeJS.ProcessEnv): Promise<Told | undefined> {
  return new Promise((resolve) => {
    execFile(path, ['-I', '-S', '-c', ASK], { env, timeout: 10_000 }, (error, stdout) => {
      try {
        resolve(error === null ? (JSON.parse(stdout) as Told) : undefined);
      } catch {
        resolve(undefined);
      }
    });
  });
}
