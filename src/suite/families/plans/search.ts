import type { World } from '../../plan-schema.ts';

interface State {
  facts: ReadonlySet<string>;
  way: string[];
}

/**
 * The shortest way from a world's facts to its goal, by breadth.
 * @returns the actions in order; `undefined` where there is none of at most `stepsMax`
 */
export function shortestWay(world: World, stepsMax: number): string[] | undefined {
  const isGoal = ({ facts }: State) => world.goal.every((goal) => facts.has(goal));
  const start: State = { facts: new Set(world.facts), way: [] };
  const seen = new Set([keyOf(start)]);
  let states = [start];
  for (let steps = 0; steps <= stepsMax; steps++) {
    const arrived = states.find(isGoal);
    if (arrived !== undefined) return arrived.way;
    states = states
      .flatMap((state) => nextStates(state, world))
      .filter((state) => {
        const key = keyOf(state);
        return !seen.has(key) && seen.add(key);
      });
  }
  return undefined;
}

function nextStates({ facts, way }: State, { actions }: World): State[] {
  return Object.entries(actions).flatMap(([action, { needs = [], adds = [], removes = [] }]) => {
    if (!needs.every((fact) => facts.has(fact))) return [];
    const after = new Set(facts);
    for (const fact of removes) after.delete(fact);
    for (const fact of adds) after.add(fact);
    return [{ facts: after, way: [...way, action] }];
  });
}

function keyOf({ facts }: State): string {
  return [...facts].sort().join(';');
}
