import { DEFAULT_PATH } from '../config/target-schema.ts';
import type { Model, RequestLimits, Target } from '../config/types.ts';
import type { ListedTarget } from '../plan/plan.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import { startSimulatorThread } from '../simulator/start-thread.ts';
import type { Suite } from '../suite/types.ts';
import { answerBookOf } from './answer-book.ts';

/** The embedded simulator takes any key; this one goes nowhere else. */
const SIMULATOR_KEY = 'tokentape-embedded-simulator';

/** What the config says of models: of some by name, or of all. */
export interface ModelCatalogue {
  named(names: readonly string[]): Model[];
  all(): Model[];
}

export interface PreparedTargets {
  targets: ListedTarget[];
  /** Those that answers are only graded by, with their addresses. */
  judging: Target[];
  /** What a person should know of how they came about. */
  notes: string[];
  /** Ends the embedded simulator, where one was started. */
  close(): Promise<void>;
}

/** Starts the simulator where a target is simulated, and asks for the models where none are named. */
export async function prepareTargets(
  targets: readonly Target[],
  suites: readonly Suite[],
  limits: RequestLimits,
  options: {
    seed: string;
    profile: ProfileName;
    catalogue: ModelCatalogue;
    /** Needed besides, to grade answers by. */
    judging?: readonly Target[];
  },
): Promise<PreparedTargets> {
  const { judging = [] } = options;
  const simulator = [...targets, ...judging].some((target) => target.simulated)
    ? await startSimulatorThread({
        seed: options.seed,
        profile: options.profile,
        answerBook: answerBookOf(suites),
      })
    : null;
  const close = async (): Promise<void> => simulator?.close();
  try {
    const addressed = (target: Target) =>
      target.simulated && simulator !== null ? addressedTo(simulator.url, target) : target;
    const listed: ListedTarget[] = [];
    const notes: string[] = [];
    for (const target of targets) {
      listed.push(await withModels(addressed(target), limits, options.catalogue, notes));
    }
    return { targets: listed, judging: judging.map(addressed), notes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The simulator has a path of its own for each dialect, and speaks HTTP/1.1. */
function addressedTo(simulatorUrl: string, target: Target): Target {
  const wrapperUrl = new URL('/wrapper/v1', simulatorUrl).href;
  return {
    ...target,
    baseUrl: target.dialect === 'content' ? wrapperUrl : simulatorUrl,
    path: DEFAULT_PATH,
    protocol: 'http/1.1',
    apiKey: SIMULATOR_KEY,
  };
}

/**
 * A target with its models: those of the config, or what the endpoint lists. Where it lists none,
 * those of the config stand in: the first request of each finds out whether the key opens it.
 */
async function withModels(
  target: Target,
  limits: RequestLimits,
  catalogue: ModelCatalogue,
  notes: string[],
): Promise<ListedTarget> {
  if (target.models !== 'subscribed') return { ...target, models: target.models };
  // Loaded only here: the HTTP stack takes long to load, and the measuring thread has its own.
  const { listModels, openSender } = await import('./discover.ts');
  const sender = await openSender(target, limits);
  const listing = await listModels(sender, target);
  await sender.close();
  if ('models' in listing && listing.models.length > 0) {
    return { ...target, models: catalogue.named(listing.models) };
  }
  const why = 'problem' in listing ? listing.problem : 'its list is empty';
  notes.push(`${target.name} does not tell its models (${why}): those of the config are tried.`);
  return { ...target, models: catalogue.all() };
}
