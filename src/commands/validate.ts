import { resolveWishes } from '../check/settings.ts';
import type { GradingSettings } from '../config/types.ts';
import { problemsError } from '../diagnostics/format.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { neutralise } from '../report/text.ts';
import { collectInputs, inOrder } from '../run/inputs.ts';
import { checkReferences, type DeferredGraders, type ReferenceCheck } from '../run/references.ts';
import { openTokenizers } from '../run/tokenizers.ts';
import { findSuite, loadSuite, suiteSearchDirs } from '../suite/load.ts';
import { listSuites, readSuiteFile } from '../suite/read.ts';
import { processOutput } from './output.ts';

export interface ValidateFlags {
  config?: string;
  suite?: string[];
  runCode?: boolean;
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
  const graders = flags.runCode === true ? await codeGraders(settings.grading) : {};
  const checks = new Map<string, ReferenceCheck>();
  for (const { name, suite } of drawn) {
    const check = suite && (await checkOf(name, searchDirs, graders));
    if (check) checks.set(name, check);
  }
  const ofAnswers = [...checks.values()].flatMap((check) => check.problems);
  const ofConfig = inOrder([...problems, ...ofGate, ...ofTokenizers]);
  const all = [...ofConfig, ...ofSuites, ...ofAnswers];
  if (all.length > 0) throw problemsError(all);
  output.write(`${loaded.file ?? 'no config file: the built-in one'}: ok\n`);
  for (const { name, suite } of drawn) {
    const answers = answersLine(checks.get(name));
    output.write(`suite ${neutralise(name)}: ok, ${suite?.cases.length} cases${answers}\n`);
  }
  return EXIT.done;
}

/** Of the suite as its file has it: generated cases are checked where they are made. */
async function checkOf(name: string, searchDirs: readonly string[], graders: DeferredGraders) {
  const path = findSuite(name, searchDirs);
  if (typeof path !== 'string') return undefined;
  const source = readSuiteFile(path);
  const { file } = source;
  return file === undefined ? undefined : checkReferences({ ...source, file }, graders);
}

/** As a run has them. */
async function codeGraders(settings: GradingSettings): Promise<DeferredGraders> {
  const { codeGrader } = await import('../score/sandbox/index.ts');
  return { code: codeGrader(settings) };
}

function answersLine(check: ReferenceCheck | undefined): string {
  if (check === undefined) return '';
  const { graded, left } = check;
  const parts = graded > 0 ? [`${graded} of its own answers graded`] : [];
  if (left.code) parts.push(`${left.code} of code not run (--run-code)`);
  const others = (left.javascript ?? 0) + (left['model-graded'] ?? 0);
  if (others > 0) parts.push(`${others} not graded here, as they take JavaScript or a judge`);
  return parts.map((part) => `, ${part}`).join('');
}
