import { repeatedRequest } from '../plan/repeat.ts';
import type { PlannedRequest } from '../plan/types.ts';

/** Requests that follow one another in one slot; a single prompt is a conversation of one turn. */
export interface Conversation {
  turns: [PlannedRequest, ...PlannedRequest[]];
  /** 0 as planned; from 1 on it fills the run's time, and nobody misses it where it is not sent. */
  pass: number;
}

/** Groups the turns of each conversation, in order of first appearance. */
export function conversationsOf(requests: readonly PlannedRequest[]): Conversation[] {
  const byId = new Map<string, Conversation>();
  for (const request of requests) {
    const conversation = byId.get(request.conversationId);
    if (conversation === undefined) {
      byId.set(request.conversationId, { turns: [request], pass: 0 });
    } else {
      conversation.turns.push(request);
    }
  }
  return [...byId.values()];
}

/**
 * What takes a slot: a conversation, or the two of a pair, one right after the other, so that both
 * meet the endpoint in the same state.
 */
export interface SlotUnit {
  conversations: [Conversation, ...Conversation[]];
  pass: number;
}

/** Puts the conversations of a pair together, in order of first appearance. */
export function unitsOf(conversations: readonly Conversation[]): SlotUnit[] {
  const byPair = new Map<string, SlotUnit>();
  const units: SlotUnit[] = [];
  for (const conversation of conversations) {
    const { pairId } = conversation.turns[0];
    const pair = pairId === null ? undefined : byPair.get(pairId);
    if (pair !== undefined) {
      pair.conversations.push(conversation);
      continue;
    }
    const unit: SlotUnit = { conversations: [conversation], pass: conversation.pass };
    units.push(unit);
    if (pairId !== null) byPair.set(pairId, unit);
  }
  return units;
}

/** The same unit for another pass over the list. */
export function repeatedUnit({ conversations }: SlotUnit, pass: number, passes: number): SlotUnit {
  const [first, ...rest] = conversations.map((one) => repeated(one, pass, passes));
  return { conversations: [first as Conversation, ...rest], pass };
}

/** The same conversation for another pass over the list, under names of its own. */
export function repeated(conversation: Conversation, pass: number, passes: number): Conversation {
  const [first, ...rest] = conversation.turns.map((request) =>
    repeatedRequest(request, pass, passes),
  );
  return { turns: [first as PlannedRequest, ...rest], pass };
}
