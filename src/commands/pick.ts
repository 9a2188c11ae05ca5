import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Figure, readFigure } from '../frontier/figure.ts';
import { isNeeded, readNeed } from '../frontier/needs.ts';
import { pickOf } from '../frontier/pick.ts';
import type { Pick } from '../frontier/pick-types.ts';
import { PRICE_REMEDY } from '../frontier/warnings.ts';
import { jsonText } from '../json.ts';
import { renderPick } from '../report/pick/text.ts';
import { processOutput } from './output.ts';
import { type PoolFlags, poolRuns } from './pooled-runs.ts';
import { resultsDir } from './stored.ts';

export interface PickFlags extends PoolFlags {
  need?: string[];
  minimise?: string;
  maximise?: string;
  confidence: string;
  output?: string;
  json?: boolean;
}

const EXIT_CODES: Record<Pick['verdict'], ExitCode> = {
  sure: EXIT.done,
  unsure: EXIT.inconclusive,
  unknown: EXIT.inconclusive,
  none: EXIT.gateFailed,
};

/** `tokentape pick`: the model to take, and how sure that is. */
export async function pickCommand(names: string[], flags: PickFlags): Promise<ExitCode> {
  const output = processOutput();
  const { objective, direction } = readObjective(flags);
  const needs = (flags.need ?? []).map((text) => {
    const need = readNeed(text);
    if ('problem' in need) throw usageError(`--need: ${need.problem}`, need.remedy);
    return need;
  });
  const confidence = readConfidence(flags.confidence);
  const { runs, candidates } = await poolRuns(names, flags, resultsDir(flags.output));
  for (const need of needs) {
    if (candidates.some((one) => isNeeded(need, one))) continue;
    const names = candidates.map(({ label }) => label).join(', ');
    throw usageError(
      `--need: '${need.text}' is meant for none of these models`,
      `there are ${names}`,
    );
  }
  const manifests = runs.map(({ manifest }) => manifest);
  const pick = pickOf(candidates, manifests, { needs, objective, direction, confidence });
  if (pick.models.length === 0) throw nothingToPickBy(pick);
  if (flags.json === true) output.data(`${jsonText(pick, 2)}\n`);
  else output.write(`${renderPick(pick, output)}\n`);
  return EXIT_CODES[pick.verdict];
}

/** @throws TokentapeError (exit 2) for none, for both, and for a figure that is better the other way */
function readObjective({ minimise, maximise }: PickFlags): {
  objective: Figure;
  direction: Pick['direction'];
} {
  const [text, other] = [minimise ?? maximise, minimise === undefined ? undefined : maximise];
  if (text === undefined || other !== undefined) {
    throw usageError(
      text === undefined
        ? 'nothing says which model is best'
        : '--minimise and --maximise exclude one another',
      'give one of --minimise cost, --minimise ttft, --minimise e2e, --maximise score, --maximise tok/s; the others can be a --need',
    );
  }
  const direction = minimise === undefined ? 'maximise' : 'minimise';
  const objective = readFigure(text);
  if ('problem' in objective)
    throw usageError(`--${direction}: ${objective.problem}`, objective.remedy);
  const isMeant = (objective.better === 'lower') === (direction === 'minimise');
  if (isMeant) return { objective, direction };
  const meant = direction === 'minimise' ? 'maximise' : 'minimise';
  throw usageError(
    `--${direction} ${text}: it is better the ${objective.better} it is`,
    `use --${meant} ${text}`,
  );
}

function readConfidence(text: string): number {
  const value = text.trim().endsWith('%') ? Number(text.trim().slice(0, -1)) / 100 : Number(text);
  if (value > 0.5 && value < 1) return value;
  throw usageError(
    `--confidence: ${text} is no probability above 0.5 and below 1`,
    'write it as 0.9 or 90%',
  );
}

function nothingToPickBy({ objective, left_out }: Pick) {
  const first = left_out[0];
  const isFigure = left_out.every(({ why }) => why.startsWith(objective));
  const remedies: Record<string, string> = {
    cost_per_request_usd: PRICE_REMEDY,
    score: GRADES_REMEDY,
    accuracy: GRADES_REMEDY,
  };
  return usageError(
    isFigure
      ? `${objective} is n/a for every model`
      : `no model can be picked: ${first?.label}: ${first?.why}`,
    isFigure
      ? (remedies[objective] ?? 'send more requests, or choose by another figure')
      : 'choose the suites that all were asked: -s NAME',
  );
}

const GRADES_REMEDY =
  'run a suite whose cases say what is expected, or grade the run again: tokentape recompute RUN --grade';
