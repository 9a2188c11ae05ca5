import type { PlannedRequest } from './types.ts';

/** Between the stage of the first look, which is 0, and that of the second. */
const AFTER_FIRST_LOOKS = 0.5;

/** What takes one slot: a conversation, or the two of a pair. */
interface SlotUnit {
  requests: PlannedRequest[];
  stage: number;
}

/**
 * Puts first what is looked at first: of every row or comparison the requests up to its first look,
 * then of every one those up to its second, so that where a budget ends the sending before its plan,
 * each had its turn. Within a row or comparison the order stays as it is.
 * @param looksAt sizes at which a row or comparison of so many requests or pairs is looked at, ascending
 * @param inOnePiece rows that nothing may be sent in the midst of, so that all of the time in between is
 *   theirs; they come once all others had their first requests
 */
export function inStages(
  requests: readonly PlannedRequest[],
  looksAt: (planned: number) => readonly number[],
  inOnePiece: (row: PlannedRequest) => boolean = () => false,
): PlannedRequest[] {
  const unmeasured = requests.filter(({ phase }) => phase !== 'measure');
  const lists = new Map<string, PlannedRequest[][]>();
  const units = unitsOf(requests.filter(({ phase }) => phase === 'measure'));
  for (const unit of units) {
    const key = keyOf(unit);
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [unit]);
    else list.push(unit);
  }
  const stages = new Map<PlannedRequest[], number>();
  for (const list of lists.values()) {
    const looks = looksAt(list.reduce((sum, unit) => sum + turnsOf(unit), 0));
    const [first] = list[0] ?? [];
    const whole = first !== undefined && inOnePiece(first);
    let before = 0;
    for (const unit of list) {
      stages.set(unit, whole ? AFTER_FIRST_LOOKS : looks.filter((size) => size <= before).length);
      before += turnsOf(unit);
    }
  }
  const staged = units.map((unit): SlotUnit => ({ requests: unit, stage: stages.get(unit) ?? 0 }));
  staged.sort((a, b) => a.stage - b.stage);
  return [...unmeasured, ...staged.flatMap((unit) => unit.requests)];
}

/** In order of first appearance. */
function unitsOf(requests: readonly PlannedRequest[]): PlannedRequest[][] {
  const names = new Map<string, string>();
  const units = new Map<string, PlannedRequest[]>();
  for (const request of requests) {
    const { conversationId, turn, pairId } = request;
    if (turn === 0) names.set(conversationId, pairId ?? conversationId);
    const name = names.get(conversationId) ?? conversationId;
    const unit = units.get(name);
    if (unit === undefined) units.set(name, [request]);
    else unit.push(request);
  }
  return [...units.values()];
}

/** Of a pair, both turns that are compared are one. */
function turnsOf(unit: readonly PlannedRequest[]): number {
  return unit[0]?.turnCount ?? 0;
}

/** The row, or the comparison whichever arm goes first. */
function keyOf(unit: readonly PlannedRequest[]): string {
  const places = unit.map(
    ({ arm, target, model, suite }) => `${arm}\n${target}\n${model}\n${suite}`,
  );
  return [...new Set(places)].sort().join('\n');
}
