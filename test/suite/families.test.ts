import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { FAMILIES, FAMILY_NAMES, familyOf } from '../../src/suite/families/index.ts';
import { SOLVERS } from './solvers/index.ts';
import { PLAN_SOLVERS } from './solvers/plans.ts';

const DIFFICULTIES = [1, 2, 3, 4, 5];
const SEEDS = 24;
const ENDINGS = {
  en: /\n\nWork it out, then end with one line of exactly this form:\nAnswer: <([^<>]+)>$/,
  ja: /\n\n考え方を書いてから、最後に次の形の一行で終えてください。\n答え: <([^<>]+)>$/,
  vi: /\n\nHãy giải từng bước, rồi kết thúc bằng đúng một dòng theo mẫu sau:\nĐáp án: <([^<>]+)>$/,
};
const FORMS =
  /^(integer|number|letter|name|word|\d letters|numerator\/denominator .*|数|名前|曜日|ひらがな|số|tên|thứ)$/;
const NUMBER_FORMS = /^(integer|数|số)$/;

/** The text that a choice letter stands for, or the value itself. */
function answerOf(prompt: string, expectation: { type: string; value?: unknown }): string {
  if (expectation.type !== 'choice') return String([expectation.value].flat()[0]);
  return prompt.match(new RegExp(`^${expectation.value}\\) (.+)$`, 'm'))?.[1] ?? '';
}

/** Plans have a test of their own. */
const LINES = FAMILIES.filter(({ answer }) => answer === undefined);

describe.each(LINES)('$name', ({ name, generate, long, language }) => {
  const ending = ENDINGS[language ?? 'en'];
  test.each(DIFFICULTIES)(
    'has the answer that an independent solver finds, at difficulty %i',
    (level) => {
      for (let seed = 0; seed < SEEDS; seed++) {
        const { prompt, expect: expected } = generate(createRandom(`${name}/${seed}`), level, 600);
        expect(expected).toHaveLength(1);
        const [expectation = { type: '' }] = expected;
        const solved = SOLVERS[name]?.(prompt.replace(ending, long ? '\n\n' : ''));
        expect(solved, prompt).toBe(answerOf(prompt, expectation));
      }
    },
  );

  test('says at its end in which form the answer is wanted', () => {
    for (const level of DIFFICULTIES) {
      const { prompt, expect: expected } = generate(createRandom(level), level, 600);
      const [, form = ''] = prompt.match(ending) ?? [];
      expect(form).toMatch(FORMS);
      expect(expected[0]?.type).toBe(form === 'letter' ? 'choice' : 'match');
      if (NUMBER_FORMS.test(form)) expect(String(expected[0]?.value)).toMatch(/^-?\d+(\.\d+)?$/);
    }
  });

  test('draws the same from the same seed, and hardly ever the same from another', () => {
    const draw = (seed: string) => generate(createRandom(seed), 3, 600);
    const prompts = Array.from({ length: 40 }, (_, seed) => draw(`a${seed}`).prompt);
    expect(draw('a0')).toEqual(draw('a0'));
    expect(new Set(prompts).size).toBeGreaterThan(36);
  });

  test('words its questions in more than one way', () => {
    const shape = (seed: number) =>
      generate(createRandom(seed), 2, 300)
        .prompt.replace(/-?\d+/g, '#')
        .split(/[ ,]/)
        .slice(0, 9)
        .join(' ');
    expect(new Set(Array.from({ length: 30 }, (_, seed) => shape(seed))).size).toBeGreaterThan(1);
  });
});

test('every family has a solver of its own', () => {
  const names = [...Object.keys(SOLVERS), ...Object.keys(PLAN_SOLVERS)];
  expect(names.sort()).toEqual([...FAMILY_NAMES].sort());
});

test('choices differ, and the right letter is among them', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.constantFrom('calendar', 'entailment', 'ordering'),
      (seed, name) => {
        const { prompt, expect: expected } = familyOf(name).generate(createRandom(seed), 4, 0);
        if (expected[0]?.type !== 'choice') return;
        const choices = [...prompt.matchAll(/^([A-Z])\) (.+)$/gm)];
        expect(new Set(choices.map(([, , text]) => text)).size).toBe(choices.length);
        expect(choices.map(([, letter]) => letter)).toContain(expected[0].value);
      },
    ),
    { numRuns: 40 },
  );
});

describe('long prompts', () => {
  const long = FAMILIES.filter((family) => family.long);

  test.each([250, 500, 1000, 2000, 4000, 8000, 16_000])(
    'have %i tokens of 4 characters',
    (tokens) => {
      for (const { generate } of long) {
        const { prompt } = generate(createRandom(`${tokens}`), 2, tokens);
        const question = 200; // its answer line comes on top
        expect(Math.abs(prompt.length - tokens * 4)).toBeLessThan(question);
      }
    },
  );

  test('put what is asked for at any depth', () => {
    const depths = Array.from({ length: 60 }, (_, seed) => {
      const { prompt, expect: expected } = familyOf('needle').generate(createRandom(seed), 1, 2000);
      return prompt.indexOf(String(expected[0]?.value)) / prompt.length;
    });
    expect(Math.min(...depths)).toBeLessThan(0.2);
    expect(Math.max(...depths)).toBeGreaterThan(0.8);
  });
});
