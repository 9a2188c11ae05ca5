import type { Sender } from '../capture/sender.ts';
import type { RequestLimits } from '../config/types.ts';
import type { ListedTarget } from '../plan/plan.ts';
import { listModels, openSender, type Probe, probeModel } from './discover.ts';

export interface ModelStanding {
  target: string;
  model: string;
  /** Whether the endpoint lists it; `null` where it lists nothing. */
  listed: boolean | null;
  /** `refused`: so is every other model, which means a wrong key or address. */
  standing: 'subscribed' | 'not subscribed' | 'refused' | 'failing' | 'not probed';
  /** What the endpoint answered; `null` where nothing was sent, or the answer was a token. */
  message: string | null;
  elapsed_ms: number | null;
}

const PROBES_AT_ONCE = 4;

/** What the key opens of a target: as the endpoint lists it, then, where asked for, as each answers. */
export async function examineTarget(
  target: ListedTarget,
  limits: RequestLimits,
  options: { probe: boolean },
): Promise<ModelStanding[]> {
  const sender = await openSender(target, limits);
  try {
    const listing = await listModels(sender, target);
    const listed = 'models' in listing ? new Set(listing.models) : null;
    const models = [...new Set([...target.models.map(({ name }) => name), ...(listed ?? [])])];
    const probes = options.probe ? await probeAll(sender, target, models) : new Map();
    const anyAnswered = [...probes.values()].some(({ outcome }) => outcome.class === 'ok');
    return models.map((model) => ({
      target: target.name,
      model,
      listed: listed === null ? null : listed.has(model),
      ...standingOf(probes.get(model), anyAnswered),
    }));
  } finally {
    await sender.close();
  }
}

async function probeAll(
  sender: Sender,
  target: ListedTarget,
  models: readonly string[],
): Promise<Map<string, Probe>> {
  const probes = new Map<string, Probe>();
  const queue = [...models];
  const worker = async (): Promise<void> => {
    for (let model = queue.shift(); model !== undefined; model = queue.shift()) {
      probes.set(model, await probeModel(sender, target, model));
    }
  };
  await Promise.all(Array.from({ length: PROBES_AT_ONCE }, worker));
  return probes;
}

function standingOf(
  probe: Probe | undefined,
  anyAnswered: boolean,
): Pick<ModelStanding, 'standing' | 'message' | 'elapsed_ms'> {
  if (probe === undefined) return { standing: 'not probed', message: null, elapsed_ms: null };
  const { outcome, refused, status, elapsedMs } = probe;
  if (outcome.class === 'ok') {
    return { standing: 'subscribed', message: null, elapsed_ms: elapsedMs };
  }
  const standing = anyAnswered ? 'not subscribed' : 'refused';
  const message = `${status ?? outcome.class}: ${outcome.message ?? outcome.class}`;
  return { standing: refused ? standing : 'failing', message, elapsed_ms: elapsedMs };
}
