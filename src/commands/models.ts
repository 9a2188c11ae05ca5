import type { RequestLimits, Target } from '../config/types.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { ListedTarget } from '../plan/plan.ts';
import { drawGrid } from '../report/grid.ts';
import { formatFigure } from '../report/numbers.ts';
import { neutralise, truncate } from '../report/text.ts';
import { listModels, openSender, probeModel } from '../run/discover.ts';
import { prepareTargets } from '../run/targets.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import { type CommonFlags, readInputs } from './inputs.ts';
import { processOutput } from './output.ts';

export interface ModelsFlags extends CommonFlags {
  probe: boolean;
  json?: boolean;
  profile?: ProfileName;
}

type Standing = 'subscribed' | 'not subscribed' | 'failing' | 'not probed';

interface ModelStanding {
  target: string;
  model: string;
  /** Whether the endpoint lists it; `null` where it lists nothing. */
  listed: boolean | null;
  standing: Standing;
  detail: string;
}

const REFUSALS = new Set(['auth', 'forbidden', 'not_found']);
const PROBES_AT_ONCE = 4;

/** `tokentape models`: what the key is subscribed to, as listed and as probed. */
export async function modelsCommand(flags: ModelsFlags): Promise<ExitCode> {
  const output = processOutput();
  const { targets, settings, catalogue } = readInputs(flags);
  const simulation = { seed: settings.seed, profile: flags.profile ?? 'default', catalogue };
  const prepared = await prepareTargets(targets, [], settings.requestLimits, simulation);
  try {
    const standings: ModelStanding[] = [];
    for (const target of prepared.targets) {
      standings.push(...(await examine(target, settings.requestLimits, flags.probe)));
    }
    const simulated = targets.some((target) => target.simulated);
    if (flags.json === true) {
      output.write(
        `${JSON.stringify({ schema_version: 1, simulated, models: standings }, null, 2)}\n`,
      );
    } else {
      if (simulated) output.say('SIMULATED: the embedded simulator answers, not a marketplace.');
      output.write(`${standingsTable(standings, output.columns)}\n`);
    }
    const open = standings.some(
      ({ standing }) => standing === 'subscribed' || standing === 'not probed',
    );
    return open ? EXIT.done : EXIT.unavailable;
  } finally {
    await prepared.close();
  }
}

async function examine(
  target: ListedTarget,
  limits: RequestLimits,
  probe: boolean,
): Promise<ModelStanding[]> {
  const sender = await openSender(target, limits);
  try {
    const listing = await listModels(sender);
    const listed = 'models' in listing ? new Set(listing.models) : null;
    const names = new Set([...target.models.map(({ name }) => name), ...(listed ?? [])]);
    const standings: ModelStanding[] = [];
    const queue = [...names];
    const worker = async (): Promise<void> => {
      for (let model = queue.shift(); model !== undefined; model = queue.shift()) {
        const isListed = listed === null ? null : listed.has(model);
        const found = probe
          ? await standingOf(sender, target, model)
          : { standing: 'not probed' as const, detail: '' };
        standings.push({ target: target.name, model, listed: isListed, ...found });
      }
    };
    await Promise.all(Array.from({ length: PROBES_AT_ONCE }, worker));
    const order = [...names];
    return standings.sort((a, b) => order.indexOf(a.model) - order.indexOf(b.model));
  } finally {
    await sender.close();
  }
}

async function standingOf(
  sender: Awaited<ReturnType<typeof openSender>>,
  target: Target,
  model: string,
): Promise<Pick<ModelStanding, 'standing' | 'detail'>> {
  const { outcome, status, elapsedMs } = await probeModel(sender, target, model);
  if (outcome.class === 'ok') {
    return { standing: 'subscribed', detail: `answered in ${formatFigure(elapsedMs)} ms` };
  }
  const detail = `${status ?? outcome.class}: ${outcome.message ?? outcome.class}`;
  const refused = REFUSALS.has(outcome.class) || /invalid model name/i.test(outcome.message ?? '');
  return { standing: refused ? 'not subscribed' : 'failing', detail };
}

function standingsTable(standings: readonly ModelStanding[], columns: number): string {
  const severalTargets = new Set(standings.map(({ target }) => target)).size > 1;
  const listed = { true: 'yes', false: 'no', null: '–' };
  return drawGrid(
    {
      head: [...(severalTargets ? ['target'] : []), 'model', 'listed', 'key opens it', ''],
      rows: standings.map(({ target, model, listed: isListed, standing, detail }) => [
        ...(severalTargets ? [neutralise(target)] : []),
        neutralise(model),
        listed[`${isListed}`],
        standing,
        truncate(neutralise(detail), Math.max(20, columns - 70)),
      ]),
      align: [...(severalTargets ? ['left' as const] : []), 'left', 'left', 'left', 'left'],
    },
    false,
  );
}
