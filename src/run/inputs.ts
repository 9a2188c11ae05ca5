import { randomBytes } from 'node:crypto';
import { checkAddresses } from '../config/addresses.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { MARKETPLACE_MODELS } from '../config/marketplace-models.ts';
import { modelsNamed } from '../config/models.ts';
import { resolveTargets } from '../config/resolve.ts';
import type { RunFlags } from '../config/run-flags.ts';
import { resolveSettings } from '../config/settings.ts';
import type { RunSettings, Target } from '../config/types.ts';
import { problemsError } from '../diagnostics/format.ts';
import type { Problem } from '../diagnostics/types.ts';
import { parseThreshold, type Threshold } from '../gate/thresholds.ts';
import { loadSuite, suiteSearchDirs } from '../suite/load.ts';
import type { Suite } from '../suite/types.ts';
import { judgeTargets } from './grading/judges.ts';
import { misplacedKeys } from './misplaced.ts';
import type { ModelCatalogue } from './targets.ts';
import { openTokenizers, type Tokenizers } from './tokenizers.ts';

/** Flags that most commands share. */
export interface CommonFlags {
  config?: string;
  target?: string[];
  model?: string[];
}

/** A config as a command uses it: read, resolved, and free of mistakes. */
export interface Inputs {
  loaded: LoadedConfig;
  targets: Target[];
  settings: RunSettings;
  thresholds: Threshold[];
  catalogue: ModelCatalogue;
}

/** As `Inputs`, with the suites of a run. */
export interface RunInputs extends Inputs {
  suites: Suite[];
  /** Whose models are to grade answers. */
  judging: Target[];
  tokenizers: Tokenizers;
}

/**
 * Config, targets and settings of a command.
 * @throws TokentapeError (exit 2) that lists every mistake at once
 */
export function readInputs(flags: CommonFlags & RunFlags): Inputs {
  const { problems, ...inputs } = collectInputs(flags);
  if (problems.length > 0) throw problemsError(problems);
  return inputs;
}

/**
 * As `readInputs`, with the suites of a run drawn and the tokenizers of its models open as well.
 * @param readMore reads what else a command is told; its mistakes are listed with the others
 */
export function readRunInputs(
  flags: CommonFlags & RunFlags,
  readMore: (inputs: Inputs) => Problem[] = () => [],
): RunInputs {
  const { problems: ofInputs, ...inputs } = collectInputs(flags);
  const problems = [...ofInputs, ...readMore(inputs)];
  const { suites, problems: suiteProblems } = drawSuites(inputs, flags);
  const { tokenizers, problems: ofTokenizers } = openTokenizers(
    inputs.loaded,
    inputs.targets,
    process.cwd(),
  );
  const { targets: judging, problems: ofJudges } = judgeTargets(
    inputs.loaded,
    inputs.settings.grading,
    suites,
  );
  const ofNames = misplacedKeys([...inputs.targets, ...judging], inputs.settings, suites);
  const all = [
    ...inOrder([...problems, ...ofTokenizers, ...ofJudges, ...ofNames]),
    ...suiteProblems,
  ];
  if (all.length > 0) throw problemsError(all);
  return { ...inputs, suites, judging, tokenizers };
}

/** The suites that a run asks for, each once, drawn by its seed. */
function drawSuites(
  { loaded, settings }: Inputs,
  flags: RunFlags,
): { suites: Suite[]; problems: Problem[] } {
  const searchDirs = suiteSearchDirs(process.cwd());
  const drawn = [...new Set(settings.suites)].map((name) =>
    loadSuite(name, searchDirs, settings.seed, {
      dataCases: settings.runLimits.requests ?? undefined,
    }),
  );
  return {
    suites: drawn.flatMap(({ suite }) => suite ?? []),
    problems: drawn
      .flatMap(({ problems }) => problems)
      .map((problem) =>
        problem.file === '--suite' ? whereAskedFor(problem, loaded, flags) : problem,
      ),
  };
}

/** A name of no suite is a mistake of whoever gave it: the flag, the variable or the config. */
function whereAskedFor(problem: Problem, loaded: LoadedConfig, flags: RunFlags): Problem {
  if (flags.suite !== undefined) return problem;
  if (loaded.env.TOKENTAPE_SUITE) return { ...problem, file: 'TOKENTAPE_SUITE' };
  if (loaded.file === null || loaded.config.defaults?.suite === undefined) return problem;
  const path = ['defaults', 'suite'];
  return { ...problem, file: loaded.file, ...loaded.locate(path), path: path.join('.') };
}

export function collectInputs(flags: CommonFlags & RunFlags): Inputs & { problems: Problem[] } {
  const cwd = process.cwd();
  const loaded = loadConfig({ path: flags.config, cwd, env: process.env });
  const { settings, problems: ofSettings } = resolveSettings(loaded, flags, {
    cwd,
    drawSeed: () => randomBytes(4).toString('hex'),
  });
  const { targets, problems: ofTargets } = resolveTargets(loaded, {
    targets: flags.target,
    models: flags.model,
  });
  const { thresholds, problems: ofThresholds } = readThresholds(loaded);
  return {
    loaded,
    targets,
    settings,
    thresholds,
    catalogue: catalogueOf(loaded),
    problems: inOrder([
      ...loaded.problems,
      ...ofTargets,
      ...checkAddresses(loaded),
      ...ofSettings,
      ...ofThresholds,
      ...misplacedKeys(targets, settings),
    ]),
  };
}

/** What the config says of models. */
export function catalogueOf({ config }: LoadedConfig): ModelCatalogue {
  const configured = config.models ?? MARKETPLACE_MODELS;
  return {
    named: (names) => modelsNamed(names, configured),
    all: () =>
      modelsNamed(
        configured.map(({ name }) => name),
        configured,
      ),
  };
}

/** The thresholds of the config, each with its mistakes at its place. */
export function readThresholds(loaded: LoadedConfig): {
  thresholds: Threshold[];
  problems: Problem[];
} {
  const thresholds: Threshold[] = [];
  const problems: Problem[] = [];
  for (const [index, text] of thresholdsIn(loaded.data).entries()) {
    const read = parseThreshold(text);
    if (!('problem' in read)) {
      thresholds.push(read);
      continue;
    }
    const path = ['thresholds', index];
    problems.push({
      file: loaded.file ?? '',
      ...loaded.locate(path),
      path: path.join('.'),
      message: read.problem,
      remedy: read.remedy,
    });
  }
  return { thresholds, problems };
}

/** The texts of the list, whatever else is wrong with the file; what is no list of texts is told by its schema. */
function thresholdsIn(data: unknown): string[] {
  const { thresholds } = (data ?? {}) as { thresholds?: unknown };
  const isTexts = Array.isArray(thresholds) && thresholds.every((one) => typeof one === 'string');
  return isTexts ? thresholds : [];
}

/** Each mistake once, by its place in the file; those of flags and variables, which have none, first. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const byPlace = new Map(problems.map((one) => [`${one.file}:${one.path}:${one.message}`, one]));
  return [...byPlace.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}
