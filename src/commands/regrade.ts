import { loadConfig } from '../config/load.ts';
import { resolveSettings } from '../config/settings.ts';
import { storedSettings } from '../config/stored.ts';
import { problemsError } from '../diagnostics/format.ts';
import { runJson } from '../report/json.ts';
import { counted } from '../report/numbers.ts';
import { readSuitesNow } from '../run/grading/suites-now.ts';
import { type Regraded, regradeRun } from '../run/regrade.ts';
import type { StoredRun } from '../store/read.ts';
import type { Output } from './output.ts';
import type { RecomputeFlags } from './recompute.ts';

/** `tokentape recompute RUN --grade`: the grades of a stored run again, without a request. */
export async function regrade(
  run: StoredRun,
  flags: RecomputeFlags,
  output: Output,
): Promise<void> {
  const cwd = process.cwd();
  const loaded = loadConfig({ cwd, env: process.env });
  const { runCode, runJavascript, judge } = flags;
  const asked = { runCode, runJavascript, judge };
  const { settings, problems } = resolveSettings(loaded, asked, { cwd, drawSeed: () => '' });
  const ofConfig = [...loaded.problems, ...problems];
  if (ofConfig.length > 0) throw problemsError(ofConfig);
  const { suites, seed } = storedSettings(run.manifest.config);
  const regraded = await regradeRun(run, {
    // A judge of the config is one to ask; the verdicts that there are may be another's.
    settings: judge === undefined ? { ...settings.grading, judge: null } : settings.grading,
    folder: flags.output,
    ...(flags.fromSuites === true && { suites: readSuitesNow(suites, seed) }),
  });
  if (flags.json === true) {
    const changes = regraded.changes.map((change) => ({ ...change }));
    output.data(runJson(regraded, { changes, unmatched: regraded.unmatched }));
  }
  report(regraded, flags.output ?? run.path, output);
}

const UNMATCHED_SHOWN = 5;

function report({ grades, changes, unmatched }: Regraded, folder: string, output: Output): void {
  output.say(`Graded again: ${folder} (${counted(grades, 'answer')})`);
  const changed = changes.reduce((sum, { count }) => sum + count, 0);
  output.say(
    changed === 0
      ? 'No grade changed.'
      : `${counted(changed, 'grade')} changed: ${changes.map(wordsFor).join(', ')}.`,
  );
  if (unmatched.length === 0) return;
  const shown = unmatched.slice(0, UNMATCHED_SHOWN).join(', ');
  output.say(
    `Graded as sent: ${counted(unmatched.length, 'case')} that the suites do not have any more, or ask ` +
      `otherwise (${shown}${unmatched.length > UNMATCHED_SHOWN ? ', …' : ''}).`,
  );
}

function wordsFor({ from, to, count }: Regraded['changes'][number]): string {
  return `${count} ${from ?? 'not graded'} → ${to ?? 'not graded'}`;
}
