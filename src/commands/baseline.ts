import path from 'node:path';
import {
  BASELINES_DIR,
  openFolder,
  removeBaseline,
  type StoredBaseline,
} from '../baseline/folder.ts';
import { toPrune } from '../baseline/prune.ts';
import type { Baseline } from '../baseline/types.ts';
import { didYouMean } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { jsonText } from '../json.ts';
import { historiesOf, renderHistories } from '../report/baseline-list.ts';
import { renderBaseline } from '../report/baseline-show.ts';
import { counted } from '../report/numbers.ts';
import { neutralise } from '../report/text.ts';
import { gateSettings } from './baseline-add.ts';
import { processOutput } from './output.ts';

interface FolderFlag {
  dir?: string;
}

export interface ListFlags extends FolderFlag {
  model?: string[];
  suite?: string[];
  json?: boolean;
}

/** `tokentape baseline list`: the runs of a folder in the order of time, and where their level changed. */
export async function listCommand(flags: ListFlags): Promise<ExitCode> {
  const output = processOutput();
  const dir = flags.dir ?? BASELINES_DIR;
  const settings = gateSettings();
  const baselines = narrowed(
    (await someIn(dir)).map(({ baseline }) => baseline),
    flags,
    dir,
  );
  const histories = historiesOf(baselines, settings.metrics);
  if (flags.json === true) {
    const listed = histories.map(({ runs, ...rest }) => ({
      plan_hash: runs[0]?.plan_hash,
      metrics_version: runs[0]?.metrics_version,
      simulated: runs[0]?.simulated,
      ...rest,
      runs: runs.map(withoutSamples),
    }));
    output.data(`${jsonText({ schema_version: 1, dir, histories: listed }, 2)}\n`);
  } else {
    output.write(`${renderHistories(histories, { ...output, leastRuns: settings.leastRuns })}\n`);
  }
  return EXIT.done;
}

/** What a list of runs needs of each; `show` has the rest. */
function withoutSamples({ plan: _, rows, ...run }: Baseline) {
  return { ...run, rows: rows.map(({ samples: _samples, ...row }) => row) };
}

/** Only the rows that are asked for. */
function narrowed(baselines: Baseline[], { model, suite }: ListFlags, dir: string): Baseline[] {
  const all = baselines.flatMap(({ rows }) => rows);
  const known = {
    model: new Set(all.flatMap((row) => [row.label, row.model])),
    suite: new Set(all.map((row) => row.suite)),
  };
  for (const [kind, names] of [
    ['model', model],
    ['suite', suite],
  ] as const) {
    const unknown = names?.find((name) => !known[kind].has(name));
    if (unknown === undefined) continue;
    const there = [...new Set(all.map((row) => (kind === 'model' ? row.label : row.suite)))];
    throw usageError(
      `no ${kind} ${unknown} in the runs of ${dir}`,
      didYouMean(unknown, known[kind], `there are ${there.join(', ')}`),
    );
  }
  return baselines.map((baseline) => ({
    ...baseline,
    rows: baseline.rows.filter(
      (row) =>
        (model === undefined || model.includes(row.model) || model.includes(row.label)) &&
        (suite === undefined || suite.includes(row.suite)),
    ),
  }));
}

export interface ShowFlags extends FolderFlag {
  json?: boolean;
}

/** `tokentape baseline show`: one run in full. */
export async function showCommand(name: string, flags: ShowFlags): Promise<ExitCode> {
  const output = processOutput();
  const dir = flags.dir ?? BASELINES_DIR;
  const { baseline } = named(name, await someIn(dir), dir);
  output.write(
    flags.json === true ? `${jsonText(baseline, 2)}\n` : `${renderBaseline(baseline, output)}\n`,
  );
  return EXIT.done;
}

/** By its file, its name, `latest`, or how the name begins where no other begins so. */
function named(name: string, stored: StoredBaseline[], dir: string): StoredBaseline {
  if (name === 'latest') return stored.at(-1) as StoredBaseline;
  const id = path.basename(name, '.json');
  const exact = stored.find(({ baseline }) => baseline.run_id === id);
  const begun = stored.filter(({ baseline }) => baseline.run_id.startsWith(id));
  const found = exact ?? (begun.length === 1 ? begun[0] : undefined);
  if (found !== undefined) return found;
  const ids = (begun.length > 1 ? begun : stored).map(({ baseline }) => baseline.run_id);
  const newest = ids.slice(-5).reverse().join(', ');
  throw usageError(
    begun.length > 1
      ? `${begun.length} runs in ${dir} begin with ${id}`
      : `there is no ${id} in ${dir}`,
    begun.length > 1 ? `they are ${newest}` : didYouMean(id, ids, `the newest are ${newest}`),
  );
}

export interface PruneFlags extends FolderFlag {
  keep?: string;
  before?: string;
  otherPlans?: boolean;
  dryRun?: boolean;
}

/** `tokentape baseline prune`: takes old runs out of a folder. */
export async function pruneCommand(flags: PruneFlags): Promise<ExitCode> {
  const output = processOutput();
  const dir = flags.dir ?? BASELINES_DIR;
  const wishes = {
    keep: flags.keep === undefined ? undefined : wholeNumber(flags.keep),
    before: flags.before === undefined ? undefined : dateOf(flags.before),
    otherPlans: flags.otherPlans,
  };
  if (Object.values(wishes).every((wish) => wish === undefined)) {
    throw usageError('nothing says what is to go', 'give --keep N, --before DATE or --other-plans');
  }
  const stored = await someIn(dir);
  const going = toPrune(stored, wishes);
  const verb = flags.dryRun === true ? 'Would remove' : 'Removed';
  for (const { stored: each, reason } of going) {
    if (flags.dryRun !== true) await removeBaseline(each);
    output.write(`${verb} ${neutralise(each.file)}: ${neutralise(reason)}\n`);
  }
  output.say(`${verb} ${going.length} of ${counted(stored.length, 'run')} in ${dir}`);
  return EXIT.done;
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text) && Number(text) >= 1) return Number(text);
  throw usageError(`--keep: must be a whole number of at least 1, not ${text}`);
}

function dateOf(text: string): Date {
  const date = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw usageError(`--before: ${text} is not a date`, 'write it as 2026-01-31');
}

/** @throws TokentapeError (exit 2) for a folder without a baseline */
async function someIn(dir: string): Promise<StoredBaseline[]> {
  const stored = await openFolder(dir);
  if (stored.length > 0) return stored;
  throw usageError(
    `no baselines are in ${dir}`,
    'begin a history with `tokentape baseline add RUN`, or name another folder: --dir DIR',
  );
}
