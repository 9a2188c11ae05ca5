import pLimit from 'p-limit';
import { passesIn } from '../plan/repeat.ts';
import type { PlannedRequest } from '../plan/types.ts';
import {
  type Conversation,
  conversationsOf,
  repeatedUnit,
  type SlotUnit,
  unitsOf,
} from './conversations.ts';
import type { ModelGate } from './model-gate.ts';
import type { UnsentReason } from './protocol.ts';
import { ReadyUnits } from './ready-units.ts';

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
 * A closed loop: as many units at once as there are slots, each slot taking the next one as soon as it
 * is free. Warm-up ends before measuring begins.
 */
export async function runClosedLoop(lane: Lane, effects: LaneEffects): Promise<void> {
  const warmup = lane.requests.filter((request) => request.phase === 'warmup');
  const measured = lane.requests.filter((request) => request.phase === 'measure');
  await runStage(unitsOf(conversationsOf(warmup)), { ...lane, cycle: false }, effects);
  await runStage(unitsOf(conversationsOf(measured)), lane, effects);
}

async function runStage(units: SlotUnit[], lane: Lane, effects: LaneEffects): Promise<void> {
  const limit = pLimit(lane.concurrency);
  const start = (unit: SlotUnit): Promise<void> =>
    limit(async () => {
      for (const conversation of unit.conversations) {
        await effects.converse(conversation, effects.now());
      }
    });

  const { first, rest } = splitFirstOfUndecided(units, effects);
  const probes = Promise.all(first.map(start));
  const ready = new ReadyUnits(
    sequence(first, rest, lane.cycle),
    (unit) => gatesOf(unit, effects),
    first.flatMap((unit) => gatesOf(unit, effects)),
    units.length,
    probes,
  );
  let passedOver = 0;
  const slot = async (): Promise<void> => {
    for (let unit = ready.take(); unit !== undefined; unit = ready.take()) {
      if (unit === 'later') {
        await ready.change();
        continue;
      }
      const reason = obstacleOf(unit, effects);
      if (reason === null) {
        passedOver = 0;
        await start(unit);
      } else if (unit.pass === 0) {
        leaveOut(unit, effects);
      } else if (!isOfOneModel(reason) || ++passedOver >= units.length) {
        // One closed model does not end the others' time; the end comes when all are closed.
        if (ready.settled) return;
        passedOver = 0;
        await ready.change();
      }
    }
  };
  await Promise.all([probes, ...Array.from({ length: lane.concurrency }, slot)]);
}

/** What stands in the way of one conversation stands in the way of its pair. */
function obstacleOf({ conversations }: SlotUnit, effects: LaneEffects): UnsentReason | null {
  for (const { turns } of conversations) {
    const reason = effects.obstacle(turns[0]);
    if (reason !== null) return reason;
  }
  return null;
}

function leaveOut({ conversations }: SlotUnit, effects: LaneEffects): void {
  for (const { turns } of conversations) {
    const reason = effects.obstacle(turns[0]) ?? 'pair';
    for (const request of turns) effects.unsent(request, reason);
  }
}

function gatesOf({ conversations }: SlotUnit, effects: LaneEffects): ModelGate[] {
  return conversations.map(({ turns }) => effects.gateOf(turns[0]));
}

function isOfOneModel(reason: UnsentReason): boolean {
  return reason === 'refused' || reason === 'skipped';
}

/** The first unit of each model whose standing is unknown, and all others. */
function splitFirstOfUndecided(
  units: SlotUnit[],
  effects: LaneEffects,
): { first: SlotUnit[]; rest: SlotUnit[] } {
  const probed = new Set<ModelGate>();
  const first: SlotUnit[] = [];
  const rest: SlotUnit[] = [];
  for (const unit of units) {
    const gates = gatesOf(unit, effects);
    if (gates.some((gate) => gate.undecided && !probed.has(gate))) {
      for (const gate of gates) probed.add(gate);
      first.push(unit);
    } else {
      rest.push(unit);
    }
  }
  return { first, rest };
}

/** Gives one unit after the other; after the last, all of them again where it cycles. */
function sequence(first: SlotUnit[], rest: SlotUnit[], cycle: boolean): () => SlotUnit | undefined {
  const all = [...first, ...rest];
  const passes = passesIn(all.flatMap(({ conversations }) => conversations[0].turns[0]));
  let index = first.length;
  let pass = 0;
  return () => {
    if (index === all.length && cycle && all.length > 0) {
      index = 0;
      pass += 1;
    }
    const unit = all[index];
    if (unit === undefined) return undefined;
    index += 1;
    return pass === 0 ? unit : repeatedUnit(unit, pass, passes);
  };
}
