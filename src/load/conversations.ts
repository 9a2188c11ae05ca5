import type { PlannedRequest } from '../plan/types.ts';

/** Requests that follow one another in one slot; a single prompt is a conversation of one turn. */
export type Conversation = [PlannedRequest, ...PlannedRequest[]];

/** Groups the turns of each conversation, in order of first appearance. */
export function conversationsOf(requests: readonly PlannedRequest[]): Conversation[] {
  const byId = new Map<string, Conversation>();
  for (const request of requests) {
    const conversation = byId.get(request.conversationId);
    if (conversation === undefined) byId.set(request.conversationId, [request]);
    else conversation.push(request);
  }
  return [...byId.values()];
}

/** The same conversation for another pass over the list, under names of its own. */
export function repeated(conversation: Conversation, pass: number, passes: number): Conversation {
  const [first, ...rest] = conversation.map((request) => ({
    ...request,
    requestId: `${request.requestId}.${pass}`,
    conversationId: `${request.conversationId}.${pass}`,
    repeat: request.repeat + pass * passes,
    nonce: request.nonce === null ? null : `${request.nonce}.${pass}`,
  }));
  return [first as PlannedRequest, ...rest];
}
