import type { JsonObject, JsonValue } from '../../json.ts';
import { rulesSchema } from '../rule-schema.ts';
import { FieldReader, type PublicFormat, singlePrompt } from './format.ts';

/**
 * IFEval: {key, prompt, instruction_id_list, kwargs}; each instruction has its arguments at its own place
 * in kwargs, where the Hugging Face hub writes null for the arguments of all others.
 * @see https://github.com/google-research/google-research/tree/master/instruction_following_eval
 */
export const ifeval: PublicFormat = {
  fits: (record) =>
    typeof record.prompt === 'string' &&
    Array.isArray(record.instruction_id_list) &&
    Array.isArray(record.kwargs),

  read(record, { stem }) {
    const fields = new FieldReader(record);
    const prompt = fields.text('prompt');
    const instructions = instructionsOf(fields);
    const key = fields.has('key') ? record.key : undefined;
    const expect = rulesOf(instructions).map((value) => ({ type: 'rule', value }));
    for (const { value } of expect) check(value, fields);
    if (fields.faults.length > 0) return fields.faults;
    return singlePrompt(prompt, expect, {
      ...((typeof key === 'number' || typeof key === 'string') && { id: `${stem}-${key}` }),
      tags: [...new Set(instructions.map(([id]) => id.split(':')[0] ?? id))],
    });
  },
};

function instructionsOf(fields: FieldReader): [id: string, given: JsonObject][] {
  const [ids, kwargs] = [fields.value('instruction_id_list'), fields.value('kwargs')];
  if (ids === undefined || kwargs === undefined) return [];
  const areIds = Array.isArray(ids) && ids.length > 0 && ids.every((id) => typeof id === 'string');
  if (!areIds) {
    fields.fault('the field instruction_id_list is no list of names');
    return [];
  }
  if (!Array.isArray(kwargs) || kwargs.length !== ids.length || !kwargs.every(isArguments)) {
    fields.fault('the field kwargs has no entry for each of instruction_id_list');
    return [];
  }
  return ids.map((id, index) => [id as string, withoutNulls(kwargs[index] as JsonObject | null)]);
}

function isArguments(value: JsonValue): boolean {
  return value === null || (typeof value === 'object' && !Array.isArray(value));
}

function withoutNulls(given: JsonObject | null): JsonObject {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== null));
}

/** All in one mapping; an instruction that is given twice, in a second one. */
function rulesOf(instructions: readonly [string, JsonObject][]): JsonObject[] {
  const mappings: JsonObject[] = [];
  for (const [id, given] of instructions) {
    const free = mappings.find((mapping) => !Object.hasOwn(mapping, id));
    if (free === undefined) mappings.push({ [id]: given });
    else free[id] = given;
  }
  return mappings;
}

/** An instruction that is not known, or that lacks an argument, cannot be graded. */
function check(rules: JsonObject, fields: FieldReader): void {
  for (const { path, message } of rulesSchema.safeParse(rules).error?.issues ?? []) {
    fields.fault([...path.map(String), message].join(': '));
  }
}
