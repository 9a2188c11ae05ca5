import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { runJson } from '../report/json.ts';
import { counted } from '../report/numbers.ts';
import { type Recomputed, recomputeRun } from '../run/recompute.ts';
import { openRun } from '../store/read.ts';
import { type Output, processOutput } from './output.ts';
import { resultsDir } from './stored.ts';

export interface RecomputeFlags {
  output?: string;
  results?: string;
  definitions?: string[];
  csv?: string;
  json?: boolean;
}

/** `tokentape recompute`: a run again from its tapes, by our definitions or by those of other tools. */
export async function recomputeCommand(name: string, flags: RecomputeFlags): Promise<ExitCode> {
  const output = processOutput();
  if (flags.csv !== undefined) {
    throw usageError('--csv is the table of --definitions', 'name a tool: --definitions vllm');
  }
  const run = await openRun(name, resultsDir(flags.results));
  const recomputed = await recomputeRun(run, flags.output);
  if (flags.json === true) output.write(runJson(recomputed));
  report(recomputed, flags.output ?? run.path, output);
  return EXIT.done;
}

function report({ records, kept }: Recomputed, folder: string, output: Output): void {
  output.say(`Recomputed: ${folder} (${counted(records, 'record')})`);
  if (kept.no_tape > 0) {
    output.say(
      `${counted(kept.no_tape, 'record has', 'records have')} no tape, and stand as recorded.`,
    );
  }
  if (kept.blanked > 0) {
    output.say(
      `${counted(kept.blanked, 'record stands', 'records stand')} as recorded: the tape was blanked because the reply gave a secret away.`,
    );
  }
}
