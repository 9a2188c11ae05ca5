import type { JsonObject, JsonValue } from '../../json.ts';
import { type ExpectedCall, expectedCallsSchema } from '../../suite/tool-call-schema.ts';
import { checkedValue } from '../checked-value.ts';
import { jsonEqual } from '../json/equal.ts';
import { wholeJson } from '../json/find.ts';
import { firstFit } from '../json/fit.ts';
import { isCutOff, missing, right, ungraded, wrong } from '../judgement.ts';
import type { Answered, Grader, GraderLimits } from '../types.ts';

type Call = Answered['toolCalls'][number];

/** Why a call is not the one expected, or why nobody can say; `null` where it is. */
type Fault = { kind: 'wrong' | 'unknown'; text: string } | null;

/**
 * The reply calls the tools expected, and no others: by name, and with arguments equal as JSON values
 * (or fitting a schema; any, where neither is given). In the order of the list, or in any where
 * `any_order` is set. A call written out as text is none: no client would run it.
 */
export const toolCall: Grader = (answered, { value, any_order: anyOrder }, limits) => {
  const checked = checkedValue(expectedCallsSchema, value);
  if (checked === null) return ungraded('the calls expected are not what this version takes');
  const expected = [checked].flat() as ExpectedCall[];
  const calls = [...answered.toolCalls].sort((a, b) => a.index - b.index);
  const answer = calls.map(callText).join('; ') || null;
  if (calls.length === 0) return missing(answered, 'no tool was called');

  // A cut may go through the arguments of the last call; all else that is there is whole.
  if (isCutOff(answered) && argumentsOf(calls.at(-1)) === undefined) {
    return ungraded('cut off within a call', answer);
  }
  const open = [...calls];
  const inTurn = [...expected.entries()];
  // One that takes any arguments must not take the call that another needs.
  if (anyOrder === true) inTurn.sort(([, a], [, b]) => exactness(b) - exactness(a));
  for (const [index, wanted] of inTurn) {
    const { place, fault } = placeOf(open, wanted, anyOrder === true, limits);
    if (fault?.kind === 'unknown') return ungraded(fault.text, answer);
    if (fault?.kind === 'wrong') {
      const which = expected.length > 1 ? `call ${index + 1}: ` : '';
      const reason = which + fault.text;
      return open.length === 0 ? missing(answered, reason, answer) : wrong(reason, answer);
    }
    open.splice(place, 1);
  }
  const [extra] = open;
  return extra === undefined ? right(answer) : wrong(`calls ${extra.name} besides`, answer);
};

/** How closely a call is described. */
function exactness({ arguments: given, schema }: ExpectedCall): number {
  if (given !== undefined) return 2;
  return schema === undefined ? 0 : 1;
}

/** Which of the calls left is the one wanted: the first, or any that suits. */
function placeOf(
  open: readonly Call[],
  wanted: ExpectedCall,
  anyOrder: boolean,
  limits: GraderLimits,
): { place: number; fault: Fault } {
  let fault: Fault = broken(`${wanted.name} was not called`);
  const candidates = anyOrder ? open : open.slice(0, 1);
  for (const [place, call] of candidates.entries()) {
    const found = faultOf(call, wanted, limits);
    if (found?.kind !== 'wrong') return { place, fault: found };
    if (!anyOrder || call.name === wanted.name) fault = found;
  }
  return { place: -1, fault };
}

function faultOf(call: Call, wanted: ExpectedCall, { regexMs }: GraderLimits): Fault {
  const { name, arguments: expected, schema } = wanted;
  if (call.name !== name) return broken(`calls ${call.name}, not ${name}`);
  const given = argumentsOf(call);
  if (given === undefined) return broken(`the arguments of ${name} are no JSON`);
  if (expected !== undefined && !jsonEqual(given, expected)) {
    return broken(`the arguments of ${name} are not ${JSON.stringify(expected)}`);
  }
  if (schema === undefined) return null;
  const fit = firstFit([given], schema, regexMs);
  if (fit.kind === 'gave-up') return { kind: 'unknown', text: fit.reason };
  return fit.kind === 'fault' ? broken(`the arguments of ${name}: ${fit.fault}`) : null;
}

function broken(text: string): Fault {
  return { kind: 'wrong', text };
}

/** Arguments as a value; none at all are an empty object, as servers send them for tools without any. */
function argumentsOf(call: Call | undefined): JsonValue | undefined {
  if (call === undefined || call.arguments.trim() === '') return {} satisfies JsonObject;
  return wholeJson(call.arguments)?.value;
}

function callText({ name, arguments: given }: Call): string {
  return `${name}(${given})`;
}
