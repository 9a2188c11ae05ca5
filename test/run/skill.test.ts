import { expect, test } from 'vitest';
import { MARKETPLACE_MODELS } from '../../src/config/marketplace-models.ts';
import { DEFAULT_SEED } from '../../src/simulator/options.ts';
import { PROFILES } from '../../src/simulator/profiles.ts';
import { binomialAtLeast } from '../../src/stats/binomial-power.ts';
import { wilsonInterval } from '../../src/stats/wilson.ts';
import { isAddressed, isGraded } from '../../src/suite/audience.ts';
import { BUILT_IN_SUITES_DIR } from '../../src/suite/load.ts';
import { listSuites } from '../../src/suite/read.ts';
import { ask, bookOf, isDeferred, markOf, shippedSuite } from './simulated-cases.ts';

const SUITES = listSuites(BUILT_IN_SUITES_DIR).map((name) => shippedSuite(name, DEFAULT_SEED));
const BOOK = bookOf(...SUITES);

interface Counts {
  skill: number;
  right: number;
  graded: number;
}

/** `npm run suites:skill` does the same over sockets, with the code in the sandbox. */
test('accuracy over the shipped suites is the skill set, for twelve models, as often as 95 % intervals hold', async () => {
  const rows: Counts[] = [];
  const models: Counts[] = [];
  for (const model of PROFILES.default.values()) {
    const tags = MARKETPLACE_MODELS.find(({ name }) => name === model.name)?.tags ?? [];
    const all: Counts = { skill: model.skill, right: 0, graded: 0 };
    for (const suite of SUITES) {
      if (!isAddressed(suite, tags) || !isGraded(suite, tags)) continue;
      const row: Counts = { skill: model.skill, right: 0, graded: 0 };
      for (const one of suite.cases.filter(({ turns }) => !turns.some(isDeferred))) {
        const said = await ask(model, one, BOOK, DEFAULT_SEED);
        if (said.length === 0) continue;
        row.graded += 1;
        if (markOf(said) === 'right') row.right += 1;
      }
      rows.push(row);
      all.right += row.right;
      all.graded += row.graded;
    }
    models.push(all);
  }
  expect(models).toHaveLength(12);
  expect(chanceOfMisses(models)).toBeGreaterThan(0.001);
  expect(chanceOfMisses(rows)).toBeGreaterThan(0.001);
});

/** How probable it is that as many 95 % intervals or more miss what they should hold. */
function chanceOfMisses(counts: readonly Counts[]): number {
  const missed = counts.filter(({ skill, right, graded }) => {
    const { low, high } = wilsonInterval(right / graded, graded);
    return skill < low || skill > high;
  });
  return binomialAtLeast(counts.length, 0.05, missed.length);
}
