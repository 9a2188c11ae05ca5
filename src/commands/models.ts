import { EXIT, type ExitCode } from '../exit-codes.ts';
import { jsonText } from '../json.ts';
import { drawGrid, GAP } from '../report/grid.ts';
import { formatFigure } from '../report/numbers.ts';
import { displayWidth, neutralise, truncate } from '../report/text.ts';
import { type CommonFlags, readInputs } from '../run/inputs.ts';
import { examineTarget, type ModelStanding } from '../run/standings.ts';
import { prepareTargets } from '../run/targets.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import { processOutput } from './output.ts';

export interface ModelsFlags extends CommonFlags {
  probe: boolean;
  json?: boolean;
  profile?: ProfileName;
}

/** `tokentape models`: what the key is subscribed to, as listed and as probed. */
export async function modelsCommand(flags: ModelsFlags): Promise<ExitCode> {
  const output = processOutput();
  const { targets, settings, catalogue } = readInputs(flags);
  const simulation = { seed: settings.seed, profile: flags.profile ?? 'default', catalogue };
  const prepared = await prepareTargets(targets, [], settings.requestLimits, simulation);
  try {
    const models: ModelStanding[] = [];
    for (const target of prepared.targets) {
      models.push(...(await examineTarget(target, settings.requestLimits, flags)));
    }
    const simulated = targets.some((target) => target.simulated);
    if (flags.json === true) {
      output.data(`${jsonText({ schema_version: 1, simulated, models }, 2)}\n`);
    } else {
      const notice = 'SIMULATED: the embedded simulator answers, not a marketplace.\n\n';
      output.write(`${simulated ? notice : ''}${standingsTable(models, output.columns)}\n`);
    }
    if (models.some(({ standing }) => standing === 'subscribed' || standing === 'not probed')) {
      return EXIT.done;
    }
    output.complain(`tokentape: ${closedBecause(models)}`);
    return EXIT.unavailable;
  } finally {
    await prepared.close();
  }
}

function closedBecause(models: readonly ModelStanding[]): string {
  const refused = models.length > 0 && models.every(({ standing }) => standing === 'refused');
  const what = refused ? 'every model refused the key' : 'no model answered';
  return `${what}\n  check the key, and the address (base_url) of the target`;
}

function standingsTable(models: readonly ModelStanding[], columns: number): string {
  const severalTargets = new Set(models.map(({ target }) => target)).size > 1;
  const head = [...(severalTargets ? ['target'] : []), 'model', 'listed', 'key opens it'];
  const rows = models.map(({ target, model, listed, standing }) => [
    ...(severalTargets ? [neutralise(target)] : []),
    neutralise(model),
    listed === null ? '–' : listed ? 'yes' : 'no',
    standing,
  ]);
  const used = head
    .map((title, index) =>
      Math.max(...[title, ...rows.map((row) => row[index] ?? '')].map(displayWidth)),
    )
    .reduce((sum, width) => sum + width + GAP, 0);
  const detailColumns = Math.max(12, columns - used);
  return drawGrid(
    {
      head: [...head, ''],
      rows: rows.map((row, index) => [...row, truncate(detailOf(models[index]), detailColumns)]),
      align: [...head, ''].map(() => 'left' as const),
    },
    false,
  );
}

function detailOf(model: ModelStanding | undefined): string {
  if (model?.standing === 'subscribed')
    return `answered in ${formatFigure(model.elapsed_ms ?? 0)} ms`;
  return neutralise(model?.message ?? '');
}
