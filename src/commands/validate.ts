import { resolveWishes } from '../check/settings.ts';
import { problemsError } from '../diagnostics/format.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { collectInputs, inOrder } from '../run/inputs.ts';
import { openTokenizers } from '../run/tokenizers.ts';
import { loadSuite, suiteSearchDirs } from '../suite/load.ts';
import { listSuites } from '../suite/read.ts';
import { processOutput } from './output.ts';

export interface ValidateFlags {
  config?: string;
  suite?: string[];
}

/** `tokentape validate`: config and suites, every mistake at once. */
export async function validateCommand(flags: ValidateFlags): Promise<ExitCode> {
  const output = processOutput();
  const { loaded, settings, problems } = collectInputs(flags);
  const searchDirs = suiteSearchDirs(process.cwd());
  const listed = [...searchDirs.flatMap(listSuites), ...settings.suites];
  const names = flags.suite ?? [...new Set(listed)].sort();
  const drawn = names.map((name) => ({ name, ...loadSuite(name, searchDirs, settings.seed) }));
  const ofTokenizers = openTokenizers(loaded, null, process.cwd()).problems;
  const ofSuites = drawn.flatMap((one) => one.problems);
  const ofGate = resolveWishes(loaded, {}).problems;
  const all = [...inOrder([...problems, ...ofGate, ...ofTokenizers]), ...ofSuites];
  if (all.length > 0) throw problemsError(all);
  output.write(`${loaded.file ?? 'no config file: the built-in one'}: ok\n`);
  for (const { name, suite } of drawn)
    output.write(`suite ${name}: ok, ${suite?.cases.length} cases\n`);
  return EXIT.done;
}
