import type { JsonObject, JsonValue } from '../../json.ts';
import { compileSchema } from '../../json-schema.ts';
import type { ExpectedCall } from '../../suite/tool-call-schema.ts';
import { jsonEqual } from '../json/equal.ts';
import { wholeJson } from '../json/find.ts';
import { isCutOff, missing, right, ungraded, wrong } from '../judgement.ts';
import { TIMED_OUT, withinMs } from '../time-limit.ts';
import type { Answered, Grader, GraderLimits } from '../types.ts';

type Call = Answered['toolCalls'][number];

/** Why a call is not the one expected; `null` where it is. */
type Fault = string | null | typeof TIMED_OUT;

/**
 * The reply calls the tools expected, and no others: by name, and with arguments equal as JSON values
 * (or fitting a schema; any, where neither is given). In the order of the list, or in any where
 * `any_order` is set. A call written out as text is none: no client would run it.
 */
export const toolCall: Grader = (answered, { value, any_order: anyOrder }, limits) => {
  const expected = [value ?? []].flat() as unknown as ExpectedCall[];
  const calls = [...answered.toolCalls].sort((a, b) => a.index - b.index);
  const answer = calls.map(callText).join('; ') || null;
  if (calls.length === 0) return missing(answered, 'no tool was called');

  // A cut may go through the arguments of the last call; all else that is there is whole.
  if (isCutOff(answered) && argumentsOf(calls.at(-1)) === undefined) {
    return ungraded('cut off within a call', answer);
  }
  const open = [...calls];
  for (const [index, wanted] of expected.entries()) {
    const { place, fault } = placeOf(open, wanted, anyOrder === true, limits);
    if (fault === TIMED_OUT) return ungraded('the patterns of the schema took too long', answer);
    if (fault !== null) {
      const which = expected.length > 1 ? `call ${index + 1}: ` : '';
      return open.length === 0 ? missing(answered, fault, answer) : wrong(which + fault, answer);
    }
    open.splice(place, 1);
  }
  const [extra] = open;
  return extra === undefined ? right(answer) : wrong(`calls ${extra.name} besides`, answer);
};

/** Which of the calls left is the one wanted: the first, or any that suits. */
function placeOf(
  open: readonly Call[],
  wanted: ExpectedCall,
  anyOrder: boolean,
  limits: GraderLimits,
): { place: number; fault: Fault } {
  let fault: Fault = `${wanted.name} was not called`;
  const candidates = anyOrder ? open : open.slice(0, 1);
  for (const [place, call] of candidates.entries()) {
    const found = faultOf(call, wanted, limits);
    if (found === null || found === TIMED_OUT) return { place, fault: found };
    if (!anyOrder || call.name === wanted.name) fault = found;
  }
  return { place: -1, fault };
}

function faultOf(call: Call, wanted: ExpectedCall, { regexMs }: GraderLimits): Fault {
  const { name, arguments: expected, schema } = wanted;
  if (call.name !== name) return `calls ${call.name}, not ${name}`;
  const given = argumentsOf(call);
  if (given === undefined) return `the arguments of ${name} are no JSON`;
  if (expected !== undefined && !jsonEqual(given, expected)) {
    return `the arguments of ${name} are not ${JSON.stringify(expected)}`;
  }
  if (schema === undefined) return null;
  const { check, hasPatterns } = compileSchema(schema);
  const fault = hasPatterns ? withinMs(regexMs, () => check(given)) : check(given);
  return typeof fault === 'string' ? `the arguments of ${name}: ${fault}` : fault;
}

/** Arguments as a value; none at all are an empty object, as servers send them for tools without any. */
function argumentsOf(call: Call | undefined): JsonValue | undefined {
  if (call === undefined || call.arguments.trim() === '') return {} satisfies JsonObject;
  return wholeJson(call.arguments)?.value;
}

function callText({ name, arguments: given }: Call): string {
  return `${name}(${given})`;
}
