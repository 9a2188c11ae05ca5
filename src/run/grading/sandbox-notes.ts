import type { GradingSettings } from '../../config/types.ts';
import type { PlannedRequest } from '../../plan/types.ts';
import { type Deferred, deferredOf } from '../../score/grade.ts';
import type { Expectation } from '../../suite/types.ts';
import { mayRun } from './forecast.ts';

type Language = 'python' | 'javascript';

/**
 * What a person should know before the first request: that answers which are to be graded by running code
 * cannot be, for want of a sandbox. Nothing is tried where nothing is to be run.
 * @returns a sentence for each language without a sandbox
 */
export async function sandboxNotes(
  requests: readonly PlannedRequest[],
  settings: GradingSettings,
): Promise<string[]> {
  const languages = languagesIn(requests, settings);
  if (languages.size === 0) return [];
  // Loaded only where something is to be run.
  const { sandboxProblem } = await import('../../score/sandbox/index.ts');
  const notes: string[] = [];
  for (const language of languages) {
    const problem = await sandboxProblem(language);
    if (problem === null) continue;
    notes.push(`No sandbox for ${language} (${problem}): what takes one stays ungraded.`);
  }
  return notes;
}

function languagesIn(
  requests: readonly PlannedRequest[],
  settings: GradingSettings,
): Set<Language> {
  if (!settings.enabled) return new Set();
  // The models of a plan share their expectations.
  const lists = new Set<readonly Expectation[]>(requests.map(({ expect }) => expect));
  const run = [...lists].flatMap(deferredOf).filter(({ kind }) => mayRun(settings, kind));
  return new Set(run.flatMap(languageOf));
}

function languageOf({ kind, expectation: { value } }: Deferred): Language[] {
  if (kind === 'javascript') return ['javascript'];
  if (kind !== 'code') return [];
  const { language } = (value ?? {}) as { language?: unknown };
  return language === 'python' || language === 'javascript' ? [language] : [];
}
