import pLimit from 'p-limit';
import { passesIn } from '../plan/repeat.ts';
import type { PlannedRequest } from '../plan/types.ts';
import { type Conversation, conversationsOf, repeated } from './conversations.ts';
import type { ModelGate } from './model-gate.ts';
import type { UnsentReason } from './protocol.ts';

/** Requests that share slots: those of one model, or of all models interleaved. */
export interface Lane {
  requests: PlannedRequest[];
  concurrency: number;
  /** Start over where the list ends, until `obstacle` says stop. */
  cycle: boolean;
}

export interface LaneEffects {
  /** Holds a conversation; resolves when its slot is free again. */
  converse(conversation: Conversation, slotFreeAtMs: number): Promise<void>;
  gateOf(request: PlannedRequest): ModelGate;
  /** Why nothing may be sent to this model any more; `null` while something may. */
  obstacle(request: PlannedRequest): UnsentReason | null;
  unsent(request: PlannedRequest, reason: UnsentReason): void;
  now(): number;
}

/**
 * A closed loop: as many conversations at once as there are slots, each slot taking the next one as
 * soon as it is free. Warm-up ends before measuring begins.
 */
export async function runClosedLoop(lane: Lane, effects: LaneEffects): Promise<void> {
  const warmup = lane.requests.filter((request) => request.phase === 'warmup');
  const measured = lane.requests.filter((request) => request.phase === 'measure');
  await runStage(conversationsOf(warmup), { ...lane, cycle: false }, effects);
  await runStage(conversationsOf(measured), lane, effects);
}

async function runStage(
  conversations: Conversation[],
  lane: Lane,
  effects: LaneEffects,
): Promise<void> {
  const limit = pLimit(lane.concurrency);
  const start = (conversation: Conversation): Promise<void> =>
    limit(() => effects.converse(conversation, effects.now()));

  const { first, rest } = splitFirstOfUndecided(conversations, effects);
  const probes = first.map(start);
  // A probe that throws is a bug, and must not leave everybody waiting for its gate.
  await Promise.race([
    Promise.all(first.map(({ turns }) => effects.gateOf(turns[0]).decided)),
    Promise.all(probes),
  ]);

  const next = sequence(first, rest, lane.cycle);
  let passedOver = 0;
  const slot = async (): Promise<void> => {
    for (let conversation = next(); conversation !== undefined; conversation = next()) {
      const reason = effects.obstacle(conversation.turns[0]);
      if (reason === null) {
        passedOver = 0;
        await start(conversation);
      } else if (conversation.pass === 0) {
        for (const request of conversation.turns) effects.unsent(request, reason);
      } else if (!isOfOneModel(reason) || ++passedOver >= conversations.length) {
        // One closed model does not end the others' time; the end comes when all are closed.
        return;
      }
    }
  };
  await Promise.all([...probes, ...Array.from({ length: lane.concurrency }, slot)]);
}

function isOfOneModel(reason: UnsentReason): boolean {
  return reason === 'refused' || reason === 'skipped';
}

/** The first conversation of each model whose standing is unknown, and all others. */
function splitFirstOfUndecided(
  conversations: Conversation[],
  effects: LaneEffects,
): { first: Conversation[]; rest: Conversation[] } {
  const probed = new Set<ModelGate>();
  const first: Conversation[] = [];
  const rest: Conversation[] = [];
  for (const conversation of conversations) {
    const gate = effects.gateOf(conversation.turns[0]);
    if (gate.undecided && !probed.has(gate)) {
      probed.add(gate);
      first.push(conversation);
    } else {
      rest.push(conversation);
    }
  }
  return { first, rest };
}

/** Gives one conversation after the other; after the last, all of them again where it cycles. */
function sequence(
  first: Conversation[],
  rest: Conversation[],
  cycle: boolean,
): () => Conversation | undefined {
  const all = [...first, ...rest];
  const passes = passesIn(all.map(({ turns }) => turns[0]));
  let index = first.length;
  let pass = 0;
  return () => {
    if (index === all.length && cycle && all.length > 0) {
      index = 0;
      pass += 1;
    }
    const conversation = all[index];
    if (conversation === undefined) return undefined;
    index += 1;
    return pass === 0 ? conversation : repeated(conversation, pass, passes);
  };
}
