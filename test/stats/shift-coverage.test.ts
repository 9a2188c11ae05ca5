import { expect, test } from 'vitest';
import { autoregressive, fill } from '../../scripts/coverage/samples.mjs';
import { createRandom, type Random } from '../../src/random.ts';
import { pairedShift } from '../../src/stats/paired-shift.ts';
import { shiftBetween } from '../../src/stats/shift.ts';

/*
 * A short pass of `npm run stats:coverage:shifts`, whose figures stand in docs/compare.md. Seeded, so
 * that it fails for a change of the method only; of 500 simulations the standard error is 1 point, and
 * the bounds leave three of them.
 */
const SIMULATIONS = 500;
const SHIFT = 0.1;

type Draw = (n: number, random: Random) => Float64Array;
const NORMAL: Draw = (n, random) => fill(n, () => 0.4 * random.normal());
const WIDE: Draw = (n, random) => fill(n, () => 1.6 * random.normal());
const HEAVY: Draw = (n, random) => fill(n, () => -Math.log(1 - random.next()));
const AR: Draw = (n, random) => autoregressive(n, 0.6, random);

test.each<[string, Draw, Draw, number, number]>([
  ['normal', NORMAL, NORMAL, 96, 96],
  ['heavy-tailed', HEAVY, HEAVY, 50, 50],
  ['of four times the spread and half as many', NORMAL, WIDE, 100, 50],
  ['AR(1), ρ = 0.6', AR, AR, 300, 300],
])('two samples, %s', (name, drawBase, drawOther, n, m) => {
  const random = createRandom(name);
  let printed = 0;
  let held = 0;
  for (let simulation = 0; simulation < SIMULATIONS; simulation++) {
    const base = { series: drawBase(n, random), clusters: null };
    const other = { series: drawOther(m, random).map((x) => x + SHIFT), clusters: null };
    const interval = shiftBetween(base, other)?.interval;
    if (interval === undefined) continue;
    printed++;
    if (interval.low <= SHIFT && SHIFT <= interval.high) held++;
  }
  expect(printed / SIMULATIONS).toBeGreaterThan(0.85);
  expect(held / printed).toBeGreaterThan(0.92);
  expect(held / printed).toBeLessThan(0.985);
});

test.each<[string, Draw, number]>([
  ['normal', NORMAL, 96],
  ['AR(1), ρ = 0.6', AR, 300],
])('pairs, %s', (name, draw, n) => {
  const random = createRandom(`pairs, ${name}`);
  let printed = 0;
  let held = 0;
  for (let simulation = 0; simulation < SIMULATIONS; simulation++) {
    const series = draw(n, random);
    const interval = pairedShift({ lowest: series, highest: series, clusters: null })?.interval;
    if (interval === undefined) continue;
    printed++;
    if (interval.low <= 0 && 0 <= interval.high) held++;
  }
  expect(printed / SIMULATIONS).toBeGreaterThan(0.85);
  expect(held / printed).toBeGreaterThan(0.92);
  expect(held / printed).toBeLessThan(0.985);
});
