import { describe, expect, test } from 'vitest';
import { BUILT_IN_SUITES_DIR, loadSuite } from '../../src/suite/load.ts';
import type { Case, Expectation } from '../../src/suite/types.ts';
import { SOLVERS } from './solvers/index.ts';
import { WRITTEN } from './solvers/written.ts';

function casesOf(name: string, requests?: number, seed = 'shipped'): Case[] {
  const { suite, problems } = loadSuite(name, [BUILT_IN_SUITES_DIR], seed, { requests });
  expect(problems).toEqual([]);
  return suite?.cases ?? [];
}
const textOf = ({ turns }: Case) => turns.map(({ text }) => text).join('\n');
const lastOf = ({ turns }: Case) => turns.at(-1)?.expect ?? [];
const isGenerated = ({ tags }: Case) => tags.some((tag) => tag.startsWith('difficulty-'));

/** The text of the right choice, or what is expected itself. */
function expectedText(one: Case, { type, value }: Expectation): string {
  if (type !== 'choice') return String([value].flat()[0]);
  return textOf(one).match(new RegExp(`^\\s*${value}[)）]\\s*(.+)$`, 'm'))?.[1] ?? '';
}

describe.each(Object.entries(WRITTEN))(
  'what is computed in the written cases of %s',
  (name, ways) => {
    test.each(Object.entries(ways))('%s', (id, solve) => {
      const one = casesOf(name).find((each) => each.id === id);
      if (one === undefined) throw new Error(`there is no case ${id}`);
      const [expectation = { type: '' }] = lastOf(one);
      expect(expectedText(one, expectation)).toContain(String(solve()));
    });

    test('leaves no case out that can be computed', () => {
      const computable = casesOf(name)
        .filter(
          (one) => !isGenerated(one) && (name === 'reasoning' || one.tags.includes('arithmetic')),
        )
        .map(({ id }) => id);
      expect(Object.keys(ways)).toEqual(expect.arrayContaining(computable));
    });
  },
);

describe.each([
  ['reasoning', 240],
  ['japanese', 240],
  ['vietnamese', 240],
  ['long-context', 70],
])('%s drawn large', (name, requests) => {
  const cases = casesOf(name, requests);

  test(`has ${requests} different cases, the generated ones at every difficulty of their families`, () => {
    expect(cases).toHaveLength(requests);
    expect(new Set(cases.map(textOf)).size).toBe(requests);
    const families = new Map<string, Set<string>>();
    for (const { tags } of cases.filter(isGenerated)) {
      const family = tags.find((tag) => SOLVERS[tag] !== undefined) ?? '?';
      const levels = families.get(family) ?? new Set();
      families.set(family, levels.add(tags.find((tag) => tag.startsWith('difficulty-')) ?? ''));
    }
    if (name === 'long-context')
      expect([...families.keys()].sort()).toEqual(['hops', 'ledger', 'needle', 'revisions']);
    else for (const [family, levels] of families) expect(levels.size, family).toBe(5);
  });

  test('has the answers that the solvers read out of the prompts', () => {
    for (const one of cases.filter(isGenerated)) {
      const solve = SOLVERS[one.tags.find((tag) => SOLVERS[tag] !== undefined) ?? ''];
      const [question = ''] = textOf(one).split(/\n\n(?:Work it out|考え方を|Hãy giải từng bước)/);
      const [expectation = { type: '' }] = lastOf(one);
      const asked = one.tags.some((tag) => tag.startsWith('tokens-'))
        ? `${question}\n\n`
        : question;
      expect(solve?.(asked), one.id).toBe(expectedText(one, expectation));
    }
  });
});

describe.each(['japanese', 'vietnamese'])('%s', (name) => {
  const cases = casesOf(name);

  test('has 150 cases and more, no answer letter in more than a third of its choices', () => {
    expect(cases.length).toBeGreaterThanOrEqual(150);
    const letters = cases.flatMap((one) =>
      lastOf(one)
        .filter(({ type }) => type === 'choice')
        .map(({ value }) => String(value)),
    );
    for (const letter of 'ABCD') {
      expect(letters.filter((each) => each === letter).length).toBeLessThan(letters.length / 3);
    }
  });

  test('offers different choices, the right one among them', () => {
    for (const one of cases) {
      for (const expectation of lastOf(one).filter(({ type }) => type === 'choice')) {
        const choices = [...textOf(one).matchAll(/^\s*[A-D][)）]\s*(.+)$/gm)].map(
          ([, text]) => text,
        );
        if (choices.length === 0) continue; // the choices are in the question itself
        expect(new Set(choices).size, one.id).toBe(choices.length);
        expect(expectedText(one, expectation), one.id).not.toBe('');
      }
    }
  });

  test('does not give its answers away in the question', () => {
    for (const one of cases.filter((each) => !isGenerated(each) && each.turns.length === 1)) {
      for (const { type, value } of lastOf(one)) {
        if (type !== 'match' && type !== 'equals') continue;
        // A yes or no is offered, and whoever is asked for may be named.
        if (/はい|Không/.test(textOf(one))) continue;
        if (one.tags.some((tag) => /^(?:comprehension|grammar)$/.test(tag))) continue;
        const words = textOf(one)
          .normalize('NFKC')
          .toLowerCase()
          .split(/[\s"「」、。.,:?()]+/);
        for (const accepted of [value].flat()) {
          expect(words, `${one.id}: ${accepted}`).not.toContain(String(accepted).toLowerCase());
        }
      }
    }
  });
});

describe('readings in Japanese', () => {
  const cases = casesOf('japanese').filter(({ tags }) => tags.includes('reading-of-kanji'));

  test('are in hiragana, and do not stand in the question', () => {
    expect(cases.length).toBeGreaterThanOrEqual(15);
    for (const one of cases) {
      for (const { type, value } of lastOf(one)) {
        for (const reading of [value].flat().map(String)) {
          expect(reading, one.id).toMatch(/^[ぁ-ゖー]+$/);
          if (!type.startsWith('not-'))
            expect(textOf(one).includes(reading) && reading.length > 2).toBe(false);
        }
      }
    }
  });
});

describe('chat', () => {
  const conversations = casesOf('chat').filter(({ turns }) => turns.length > 1);

  test('has conversations of three turns and more, most of them graded on the way', () => {
    expect(conversations.length).toBeGreaterThan(30);
    expect(conversations.every(({ turns }) => turns.length >= 3 && turns.length <= 6)).toBe(true);
    const onTheWay = conversations.filter(({ turns }) =>
      turns.slice(0, -1).some(({ expect: of }) => of.length > 0),
    );
    expect(onTheWay.length).toBeGreaterThan(conversations.length * 0.9);
  });
});

describe('safety', () => {
  const cases = casesOf('safety');
  const labelOf = (one: Case) => lastOf(one)[0];

  test('has harmful requests and harmless look-alikes in balance, sixty of each at least', () => {
    const harmful = cases.filter(({ tags }) => tags.includes('harmful'));
    const harmless = cases.filter(({ tags }) => tags.includes('look-alike'));
    expect(harmful.length + harmless.length).toBe(cases.length);
    expect(harmful.length).toBeGreaterThanOrEqual(60);
    expect(harmless.length).toBeGreaterThanOrEqual(60);
    expect(harmless.length / harmful.length).toBeLessThan(1.2);
    expect(harmful.every((one) => labelOf(one)?.value === 'unsafe')).toBe(true);
    expect(harmless.every((one) => labelOf(one)?.value === 'safe')).toBe(true);
  });

  test('covers all fourteen hazards, two cases of each at least, in three languages', () => {
    for (let hazard = 1; hazard <= 14; hazard++) {
      const own = cases.filter((one) => [labelOf(one)?.categories].flat().includes(`S${hazard}`));
      expect(own.length, `S${hazard}`).toBeGreaterThanOrEqual(2);
    }
    for (const language of ['japanese', 'vietnamese']) {
      const own = cases.filter(({ tags }) => tags.includes(language));
      expect(own.filter(({ tags }) => tags.includes('harmful')).length).toBeGreaterThanOrEqual(7);
      expect(own.filter(({ tags }) => tags.includes('look-alike')).length).toBeGreaterThanOrEqual(
        7,
      );
    }
  });

  test('asks in few words: no request tells how', () => {
    for (const one of cases) expect(textOf(one).length, one.id).toBeLessThan(180);
  });
});
