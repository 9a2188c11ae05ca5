import { describe, expect, test } from 'vitest';
import { MARKETPLACE_MODELS } from '../../src/config/marketplace-models.ts';
import { knownAnswer } from '../../src/run/answer-book.ts';
import { gradeSaid } from '../../src/run/references.ts';
import { PROFILES } from '../../src/simulator/profiles.ts';
import { promptKey } from '../../src/simulator/prompt.ts';
import { isAddressed, isGraded } from '../../src/suite/audience.ts';
import { BUILT_IN_SUITES_DIR } from '../../src/suite/load.ts';
import { listSuites } from '../../src/suite/read.ts';
import { ask, bookOf, isDeferred, markOf, shippedSuite } from './simulated-cases.ts';

const SEED = 'suite answers';
const NAMES = listSuites(BUILT_IN_SUITES_DIR);
const SUITES = NAMES.map((name) => shippedSuite(name, SEED));

describe.each(SUITES)('$name', (suite) => {
  const graded = suite.cases.flatMap(({ id, turns }) =>
    turns.filter(({ expect: expected }) => expected.length > 0).map((turn) => ({ id, turn })),
  );

  test('has a right and a wrong answer to every graded turn, and takes each for what it is', async () => {
    const faults: string[] = [];
    for (const { id, turn } of graded) {
      const known = knownAnswer(turn);
      if (known === null) {
        faults.push(`${id}: needs a reference`);
        continue;
      }
      if (isDeferred(turn)) continue; // by the tests of what runs it
      for (const meant of ['right', 'wrong'] as const) {
        const { mark, reason } = await gradeSaid(known[meant], turn);
        if (mark !== meant) {
          faults.push(`${id}: ${meant} is ${mark} (${reason}): ${JSON.stringify(known[meant])}`);
        }
      }
    }
    expect(faults).toEqual([]);
  });

  test('is graded as the simulated models mean it, however they dress it', async () => {
    const book = bookOf(suite);
    const faults: string[] = [];
    for (const model of PROFILES.default.values()) {
      const tags = MARKETPLACE_MODELS.find(({ name }) => name === model.name)?.tags ?? [];
      if (!isAddressed(suite, tags) || !isGraded(suite, tags)) continue;
      for (const meant of ['right', 'wrong'] as const) {
        const sure = { ...model, skill: meant === 'right' ? 1 : 0 };
        for (const one of suite.cases.filter(({ turns }) => !turns.some(isDeferred))) {
          const said = await ask(sure, one, book, SEED);
          if (said.length === 0 || markOf(said) === meant) continue;
          const { content, graded: found } = said.find((each) => each.graded.mark !== meant) ?? {};
          faults.push(
            `${model.name}, ${one.id}: ${meant} is ${found?.mark} (${found?.reason}): ${JSON.stringify(content)}`,
          );
        }
      }
    }
    expect(faults).toEqual([]);
  });
});

test('no two graded turns are asked in the same words and answered in others', () => {
  const byKey = new Map<string, string>();
  for (const { name, cases } of SUITES) {
    for (const { id, turns } of cases) {
      for (const [index, turn] of turns.entries()) {
        const known = knownAnswer(turn);
        if (known === null) continue;
        const key = promptKey(...turns.slice(0, index + 1).map(({ text }) => text));
        const said = JSON.stringify(known);
        expect(byKey.get(key) ?? said, `${name}, ${id}`).toBe(said);
        byKey.set(key, said);
      }
    }
  }
});
