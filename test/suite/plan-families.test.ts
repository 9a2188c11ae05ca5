import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { gradeAnswer } from '../../src/score/grade.ts';
import { FAMILIES } from '../../src/suite/families/index.ts';
import { generateCases } from '../../src/suite/generate.ts';
import { LIMITS, replied } from '../score/replies.ts';
import { PLAN_SOLVERS, type PlanStep } from './solvers/plans.ts';

const PLANS = FAMILIES.filter(({ answer }) => answer === 'plan');
const DIFFICULTIES = [1, 2, 3, 4, 5];
/** What a prompt lets pass beyond the best there is, by difficulty. */
const SPARE: Record<string, number[]> = {
  'plan-order': [0, 0, 0, 0, 0],
  'plan-schedule': [10, 5, 0, 0, 0],
  'plan-rooms': [2, 1, 0, 0, 0],
};
const SEEDS = 15;

const stepsOf = (json: string | undefined): PlanStep[] => JSON.parse(json ?? '{}').steps;

describe.each(PLANS)('$name', ({ name, generate }) => {
  const { faults, isTight } = PLAN_SOLVERS[name] ?? {
    faults: () => ['no solver'],
    isTight: () => false,
  };
  const draw = (seed: string, level: number) => generate(createRandom(`${name}/${seed}`), level, 0);

  test.each(DIFFICULTIES)(
    'at difficulty %i its reference is a plan, as the prompt alone has it',
    (level) => {
      for (let seed = 0; seed < SEEDS; seed++) {
        const { prompt, reference, wrong } = draw(String(seed), level);
        expect(faults(prompt, stepsOf(reference)), prompt).toEqual([]);
        expect(faults(prompt, stepsOf(wrong)), prompt).not.toEqual([]);
      }
    },
  );

  test.each(DIFFICULTIES)('at difficulty %i no plan is better than the limit says', (level) => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const { prompt } = draw(String(seed), level);
      expect(isTight(prompt, SPARE[name]?.[level - 1] ?? 0), prompt).toBe(true);
    }
  });

  test.each(DIFFICULTIES)(
    'at difficulty %i the grader agrees, with prose and fences around',
    (level) => {
      for (let seed = 0; seed < SEEDS; seed++) {
        const { expect: expected, reference = '', wrong = '' } = draw(String(seed), level);
        const told = `Let me think {about} it.\n\`\`\`json\n${reference}\n\`\`\`\nDone.`;
        expect(gradeAnswer(replied(reference), expected, LIMITS).mark).toBe('right');
        expect(gradeAnswer(replied(told), expected, LIMITS).mark).toBe('right');
        expect(gradeAnswer(replied(wrong), expected, LIMITS).mark).toBe('wrong');
      }
    },
  );

  test('what the solver finds fault with, the grader does, and the other way round', () => {
    const random = createRandom(`${name}/spoilt`);
    let spoilt = 0;
    for (let seed = 0; seed < 60; seed++) {
      const { prompt, expect: expected, reference } = draw(String(seed), 3);
      const steps = stepsOf(reference);
      const index = random.integer(0, steps.length - 1);
      const step = steps[index];
      const other = random.pick(steps);
      if (step === undefined || other === step) continue;
      if (step.start !== undefined)
        step.start = Math.max(0, step.start + random.pick([-10, -5, 5, 10]));
      else if (step.depends_on === undefined) steps.splice(index, 1);
      else if (step.depends_on.length > 0) step.depends_on = [];
      else continue;
      const found = faults(prompt, steps).length > 0;
      const { mark } = gradeAnswer(replied(JSON.stringify({ steps })), expected, LIMITS);
      expect(mark, prompt).toBe(found ? 'wrong' : 'right');
      if (found) spoilt++;
    }
    expect(spoilt).toBeGreaterThan(10);
  });

  test('gives 200 different cases, the same from the same seed', () => {
    const entry = { family: name, count: 200, difficulty: [1, 5] as [number, number] };
    const file = { description: 'x', nonce: true };
    const cases = () => generateCases(entry, 200, file, createRandom('seed'), new Set());
    const drawn = cases();
    expect(new Set(drawn.map(({ turns }) => turns[0]?.text)).size).toBe(200);
    expect(cases()).toEqual(drawn);
  });
});
