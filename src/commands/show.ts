import { EXIT, type ExitCode } from '../exit-codes.ts';
import { jsonText } from '../json.ts';
import { shownMarkdown } from '../report/show/markdown.ts';
import { renderShown } from '../report/show/text.ts';
import { type ShownSource, showRun } from '../show/show.ts';
import type { CaseMark } from '../show/types.ts';
import { readPlan } from '../store/plan-file.ts';
import { openRun, readGradeBatches, readRecordBatches, type StoredRun } from '../store/read.ts';
import { processOutput } from './output.ts';
import { type PoolFlags, wantedOf } from './pooled-runs.ts';
import { resultsDir } from './stored.ts';

export interface ShowFlags extends PoolFlags {
  case?: string[];
  failed?: boolean;
  right?: boolean;
  wrong?: boolean;
  ungraded?: boolean;
  errors?: boolean;
  by: 'model' | 'case';
  limit: number;
  full?: boolean;
  reasoning?: boolean;
  output?: string;
  md?: boolean;
  json?: boolean;
}

/** `tokentape show`: answers for a person to read. */
export async function showCommand(name: string, flags: ShowFlags): Promise<ExitCode> {
  const output = processOutput();
  const run = await openRun(name, resultsDir(flags.output));
  const shown = await showRun(sourceOf(run), {
    marks: marksOf(flags),
    ...wantedOf(flags, [run]),
    cases: flags.case ?? [],
    by: flags.by,
    limit: flags.limit === 0 ? Infinity : flags.limit,
  });
  const detail = { full: flags.full === true, reasoning: flags.reasoning === true };
  if (flags.json === true) output.data(`${jsonText(shown, 2)}\n`);
  else if (flags.md === true) output.write(shownMarkdown(shown, detail));
  else output.write(`${renderShown(shown, { ...output, ...detail })}\n`);
  return EXIT.done;
}

function marksOf({ failed, right, wrong, ungraded, errors }: ShowFlags): CaseMark[] {
  const wanted: [boolean | undefined, CaseMark][] = [
    [right, 'right'],
    [wrong ?? failed, 'wrong'],
    [ungraded ?? failed, 'ungraded'],
    [errors, 'error'],
  ];
  return wanted.filter(([isWanted]) => isWanted === true).map(([, mark]) => mark);
}

function sourceOf(run: StoredRun): ShownSource {
  return {
    manifest: run.manifest,
    records: () => readRecordBatches(run),
    grades: () => readGradeBatches(run),
    planned: (ids) => plannedOf(run, ids),
  };
}

/** Without a plan that can be read (a run of an older version), answers are shown all the same. */
async function plannedOf(run: StoredRun, ids: ReadonlySet<string>) {
  return readPlan(run, (id) => ids.has(id)).catch(() => null);
}
