import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readFigure } from '../frontier/figure.ts';
import { frontierOf } from '../frontier/frontier.ts';
import { jsonText } from '../json.ts';
import { frontierCsv } from '../report/frontier/csv.ts';
import { frontierMarkdown, renderFrontier } from '../report/frontier/text.ts';
import { writeWhole } from '../store/atomic-write.ts';
import { processOutput } from './output.ts';
import { type PoolFlags, poolRuns } from './pooled-runs.ts';
import { resultsDir } from './stored.ts';

export interface FrontierFlags extends PoolFlags {
  quality: 'score' | 'accuracy';
  speed: string;
  output?: string;
  md?: boolean;
  csv?: string;
  json?: boolean;
}

/** `tokentape frontier`: which models are worth having. */
export async function frontierCommand(names: string[], flags: FrontierFlags): Promise<ExitCode> {
  const output = processOutput();
  const speed = readFigure(flags.speed);
  if ('problem' in speed) throw usageError(`--speed: ${speed.problem}`, speed.remedy);
  if (speed.kind !== 'quantile') {
    throw usageError(`--speed: ${speed.text} is no speed`, 'use ttft, tpot, e2e or tok/s');
  }
  const { runs, candidates } = await poolRuns(names, flags, resultsDir(flags.output));
  const manifests = runs.map(({ manifest }) => manifest);
  const frontier = frontierOf(candidates, manifests, { quality: flags.quality, speed });
  if (flags.csv === '-') output.data(frontierCsv(frontier));
  else if (flags.json === true) output.data(`${jsonText(frontier, 2)}\n`);
  else if (flags.md === true) output.write(frontierMarkdown(frontier));
  else output.write(`${renderFrontier(frontier, output)}\n`);
  if (flags.csv !== undefined && flags.csv !== '-') {
    await writeWhole(flags.csv, frontierCsv(frontier));
    output.say(`Written: ${flags.csv}`);
  }
  return EXIT.done;
}
