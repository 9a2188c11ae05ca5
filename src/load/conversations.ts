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

/** The same conversation for another pass over the list, under names of its own. */
export function repeated(conversation: Conversation, pass: number, passes: number): Conversation {
  const [first, ...rest] = conversation.turns.map((request) =>
    repeatedRequest(request, pass, passes),
  );
  return { turns: [first as PlannedRequest, ...rest], pass };
}
