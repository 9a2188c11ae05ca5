import { type LoadedConfig, loadConfig } from '../../config/load.ts';
import { resolveTargets } from '../../config/resolve.ts';
import { resolveSettings } from '../../config/settings.ts';
import { storedTokenizers } from '../../config/stored.ts';
import type { RunSettings } from '../../config/types.ts';
import { formatProblems, problemsError } from '../../diagnostics/format.ts';
import { usageError } from '../../errors.ts';
import type { PlannedRequest } from '../../plan/types.ts';
import type { Manifest } from '../../store/types.ts';
import { loadSuite, suiteSearchDirs } from '../../suite/load.ts';
import type { Case, Suite } from '../../suite/types.ts';
import { judgeTargets } from '../grading/judges.ts';
import { catalogueOf, type RunInputs, readThresholds } from '../inputs.ts';
import { reopenTokenizers } from '../tokenizers.ts';
import { targetDifferences } from './differences.ts';
import type { Resumable } from './resumable.ts';

/** The config of now, and the results folder that it, the flag or the variable names. */
export function readConfigNow(flags: { config?: string; output?: string | undefined }): {
  loaded: LoadedConfig;
  outputDir: string;
} {
  const cwd = process.cwd();
  const loaded = loadConfig({ path: flags.config, cwd, env: process.env });
  if (loaded.problems.length > 0) throw problemsError(loaded.problems);
  const { output } = flags;
  const { settings } = resolveSettings(loaded, { output }, { cwd, drawSeed: () => '' });
  return { loaded, outputDir: settings.outputDir };
}

/**
 * What a run is gone on with: settings, models and prices are the run's own; keys, headers, certificates
 * and thresholds are those of the config of now, for no run keeps them.
 * @throws TokentapeError (exit 2) that lists every difference by which it would not be the same run
 */
export function inputsToResume(
  { run, settings, targets: then, planned }: Resumable,
  loaded: LoadedConfig,
): RunInputs {
  const { manifest } = run;
  const catalogue = catalogueOf(loaded);
  const names = then.map(({ name }) => name);
  const { targets: now, problems } = resolveTargets(loaded, { targets: names, models: null });
  const suites = suitesOf(planned.values(), manifest, settings);
  const { targets: judging, problems: ofJudges } = judgeTargets(loaded, settings.grading, suites);
  const { thresholds, problems: ofThresholds } = readThresholds(loaded);
  const mistakes = [...problems, ...ofJudges, ...ofThresholds].map((one) =>
    // The target was not asked for now.
    one.file === '--target' ? { ...one, file: loaded.file ?? 'the built-in config' } : one,
  );
  const lines = [
    ...targetDifferences(then, now, catalogue),
    ...mistakes.map((one) => formatProblems([one])),
  ];
  if (lines.length > 0) {
    throw usageError(
      `${manifest.run_id} cannot be resumed:\n${lines.map((line) => `  ${line}`).join('\n')}`,
      'a run goes on as it began, or not at all',
    );
  }
  const targets = now.map((target) => ({
    ...target,
    models: then.find(({ name }) => name === target.name)?.models ?? [],
  }));
  const tokenizers = reopenTokenizers(storedTokenizers(manifest.config), process.cwd());
  return { loaded, targets, settings, thresholds, catalogue, suites, judging, tokenizers };
}

/**
 * The suites of a run: as they are now, where that is what the run drew from, for they know more of wrong
 * answers; else what the plan tells of them.
 */
function suitesOf(
  planned: Iterable<PlannedRequest>,
  { suites, simulated }: Manifest,
  settings: RunSettings,
): Suite[] {
  const now = simulated ? suitesNow(settings) : [];
  const requests = [...planned];
  return suites.map(
    ({ name, hash }) =>
      now.find((suite) => suite.name === name && suite.hash === hash) ?? {
        ...{ name, hash, description: '', nonce: false },
        cases: casesOf(requests.filter(({ suite }) => suite === name)),
      },
  );
}

function suitesNow({ suites, seed, runLimits }: RunSettings): Suite[] {
  const searchDirs = suiteSearchDirs(process.cwd());
  const dataCases = runLimits.requests ?? undefined;
  return suites.flatMap((name) => {
    try {
      return loadSuite(name, searchDirs, seed, { dataCases }).suite ?? [];
    } catch {
      // What is gone by now is told by the plan.
      return [];
    }
  });
}

function casesOf(requests: readonly PlannedRequest[]): Case[] {
  const cases = new Map<string, Case>();
  for (const { caseId, turn, messages, expect, reference, parameters } of requests) {
    const one = cases.get(caseId) ?? {
      id: caseId,
      system: messages.find(({ role }) => role === 'system')?.content ?? null,
      turns: [],
      parameters,
      tags: [],
    };
    cases.set(caseId, one);
    const text = messages.at(-1)?.content ?? '';
    // A model that the suite does not grade is asked the same, and expected nothing.
    if (one.turns[turn] === undefined || expect.length > 0) {
      one.turns[turn] = { text, expect, reference, wrong: null };
    }
  }
  return [...cases.values()];
}
