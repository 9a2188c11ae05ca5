import { flagName } from '../config/run-flags.ts';
import { DEFINITION_NAMES, definitionsOf } from '../definitions/index.ts';
import { didYouMean } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { renderDefinitions } from '../report/definitions.ts';
import { definitionsCsv, definitionsJson } from '../report/definitions-data.ts';
import { runJson } from '../report/json.ts';
import { counted } from '../report/numbers.ts';
import { byDefinitions } from '../run/by-definitions.ts';
import { type Recomputed, recomputeRun } from '../run/recompute.ts';
import { writeWhole } from '../store/atomic-write.ts';
import { openRun, type StoredRun } from '../store/read.ts';
import { type Output, processOutput } from './output.ts';
import { regrade } from './regrade.ts';
import { resultsDir } from './stored.ts';

const GRADE_FLAGS = ['fromSuites', 'runCode', 'runJavascript', 'judge'] as const;

export interface RecomputeFlags {
  output?: string;
  results?: string;
  definitions?: string[];
  csv?: string;
  json?: boolean;
  grade?: boolean;
  fromSuites?: boolean;
  runCode?: boolean;
  runJavascript?: boolean;
  judge?: string;
}

/** `tokentape recompute`: a run again from its tapes, by our definitions or those of other tools, or its grades. */
export async function recomputeCommand(name: string, flags: RecomputeFlags): Promise<ExitCode> {
  checkFlags(flags);
  const output = processOutput();
  const run = await openRun(name, resultsDir(flags.results));
  if (flags.definitions !== undefined) {
    await showDefinitions(run, flags.definitions, flags, output);
  } else if (flags.grade === true) {
    await regrade(run, flags, output);
  } else {
    const recomputed = await recomputeRun(run, flags.output);
    if (flags.json === true) output.data(runJson(recomputed));
    report(recomputed, flags.output ?? run.path, output);
  }
  return EXIT.done;
}

/** @throws TokentapeError (exit 2) for flags that do not go together, and definitions that nobody knows */
function checkFlags({ definitions, csv, output, ...flags }: RecomputeFlags): void {
  checkGradeFlags(flags, definitions !== undefined);
  if (definitions === undefined) {
    if (csv === undefined) return;
    throw usageError('--csv is for the figures of --definitions', 'add --definitions all');
  }
  if (output !== undefined) {
    throw usageError(
      '--definitions writes no run, so --output has no use',
      'write the figures with --csv FILE',
    );
  }
  const unknown = definitions.find((name) => !DEFINITION_NAMES.includes(name));
  if (unknown === undefined) return;
  throw usageError(
    `--definitions: no tool is called ${unknown}`,
    didYouMean(unknown, DEFINITION_NAMES, `there are ${DEFINITION_NAMES.join(', ')}`),
  );
}

function checkGradeFlags(flags: RecomputeFlags, shows: boolean): void {
  const given = GRADE_FLAGS.filter((flag) => flags[flag] !== undefined);
  if (flags.grade === true) {
    if (shows) throw usageError('--definitions writes no run, so --grade has no use');
  } else if (given[0] !== undefined) {
    throw usageError(`${flagName(given[0])} is for grading again`, 'add --grade');
  }
}

async function showDefinitions(
  run: StoredRun,
  names: readonly string[],
  flags: RecomputeFlags,
  output: Output,
): Promise<void> {
  const view = await byDefinitions(run, definitionsOf(names));
  if (flags.csv === '-') output.data(definitionsCsv(view));
  else if (flags.json === true) output.data(definitionsJson(view));
  else output.write(`${renderDefinitions(view, output)}\n`);
  if (flags.csv !== undefined && flags.csv !== '-') {
    await writeWhole(flags.csv, definitionsCsv(view));
    output.say(`Written: ${flags.csv}`);
  }
}

function report({ records, kept }: Recomputed, folder: string, output: Output): void {
  output.say(`Recomputed: ${folder} (${counted(records, 'record')})`);
  if (kept.no_tape > 0) {
    output.say(`Kept as recorded: ${counted(kept.no_tape, 'record')} without a tape.`);
  }
  if (kept.blanked > 0) {
    const replies = counted(kept.blanked, 'reply', 'replies');
    output.say(`Kept as recorded: ${replies} that gave a secret away, whose tape was blanked.`);
  }
}
