import type { PlannedRequest } from './types.ts';

/** Which requests share slots: those of one model; where pairs bind models together, of all of these. */
type LaneMember = Pick<PlannedRequest, 'target' | 'model' | 'pairId'>;

/**
 * Cuts a list of requests into lanes that can run side by side. Both arms of a pair are in one lane;
 * so is whatever else is held against the same baseline, which would otherwise be asked more at a time
 * than each of its candidates, and look slow by that.
 * @returns lanes in order of first appearance, each in the order of the list
 */
export function lanesOf<Request extends LaneMember>(requests: readonly Request[]): Request[][] {
  const parents = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    return root;
  };
  const partners = new Map<string, string>();
  for (const request of requests) {
    if (request.pairId === null) continue;
    const key = keyOf(request);
    const partner = partners.get(request.pairId);
    if (partner === undefined) {
      partners.set(request.pairId, key);
      continue;
    }
    const [one, other] = [rootOf(partner), rootOf(key)];
    if (one !== other) parents.set(other, one);
  }
  const lanes = new Map<string, Request[]>();
  for (const request of requests) {
    const root = rootOf(keyOf(request));
    const lane = lanes.get(root);
    if (lane === undefined) lanes.set(root, [request]);
    else lane.push(request);
  }
  return [...lanes.values()];
}

function keyOf({ target, model }: LaneMember): string {
  return `${target}\n${model}`;
}
