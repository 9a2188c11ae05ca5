import type { JsonObject } from '../../../json.ts';
import type { GeneratedCase } from '../family.ts';

/** One step of a plan, as the prompt asks for it. */
export interface PlanStep {
  id: string;
  action: string;
  depends_on?: string[];
  start?: number;
}

/** A question that is answered by a plan as JSON. */
export function planCase(
  question: string,
  example: PlanStep,
  value: JsonObject,
  reference: readonly PlanStep[],
  wrong: readonly PlanStep[],
): GeneratedCase {
  const form = JSON.stringify({ steps: [example] }).replace(/\]\}$/, ', …]}');
  return {
    prompt: `${question}\n\nAnswer with one JSON object of this form, and nothing else:\n${form}`,
    expect: [{ type: 'json-plan', value }],
    tags: ['plan'],
    reference: written(reference),
    wrong: written(wrong),
  };
}

function written(steps: readonly PlanStep[]): string {
  return JSON.stringify({ steps });
}
