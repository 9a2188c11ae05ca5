// `npm run pick:honesty -- [TRIALS] [--print]`: how often the model that `pick` names is the best one,
// against how sure it says to be, by simulation, written between the markers of docs/choosing.md.
// `--print` writes nothing. Seeded: the same sources and Node give the same figures.
import { readFileSync, writeFileSync } from 'node:fs';
import { readFigure } from '../dist/frontier/figure.js';
import { readNeed } from '../dist/frontier/needs.js';
import { pickOf } from '../dist/frontier/pick.js';
import { createRandom } from '../dist/random.js';
import { candidatesOf } from './pick/simulated.mjs';

/** @typedef {import('../dist/frontier/needs.js').Need} Need */
/** @typedef {import('../dist/frontier/figure.js').Figure} Figure */
/** @typedef {{ model: string, skill: number, costUsd: number }} Model */

const CASES = [8, 20, 30, 60, 120];
const MODELS = 3;
/** What they have in common, in the logit: suites are hard or easy, by a normal spread of 1. */
const MEAN_SKILL = 1.2;
/** Standard deviations of skills in the logit; that of cases, hard or easy for all at once, is 1. */
const SPREADS = { alike: 0.25, different: 1 };
const LIMIT = 0.7;
const SURE = 0.9;
const START = '<!-- pick:honesty -->';
const END = '<!-- /pick:honesty -->';

const print = process.argv.includes('--print');
const trials = Number(process.argv.slice(2).find((word) => word !== '--print') ?? 400);
const startedMs = performance.now();
const rows = ['score', 'cost'].flatMap((by) =>
  Object.entries(SPREADS).flatMap(([kind, spread]) =>
    CASES.map((cases) => {
      const cells = [`by ${by}, ${kind}`, String(cases), ...measured(by, kind, spread, cases)];
      console.error(cells.join('  '));
      return cells;
    }),
  ),
);
const minutes = (performance.now() - startedMs) / 60_000;
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const head = [
  'picks',
  'cases',
  'chance claimed',
  'were the best',
  'off by',
  `of those at ${100 * SURE} % or more`,
];
const table = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
  .map((cells) => `| ${cells.join(' | ')} |`)
  .join('\n');
const text =
  `${table}\n\n${trials} trials in each row, a few fewer by cost, where no model may seem to meet the need; ` +
  `the standard error of «off by» is up to ${Math.round(50 / Math.sqrt(trials))} points. In brackets, the share of the picks that were so sure. Made by ` +
  `\`npm run pick:honesty\` on ${new Date().toISOString().slice(0, 10)} with tokentape ${version} and ` +
  `Node ${process.versions.node}; seeded, so that it can be had again.`;
if (print) console.log(text);
else write(text);
console.error(`${minutes.toFixed(1)} minutes`);

/**
 * @param {string} by
 * @param {string} kind
 * @param {number} spread
 * @param {number} cases
 * @returns {string[]}
 */
function measured(by, kind, spread, cases) {
  const random = createRandom(`pick/${by}/${kind}/${cases}`);
  const needs = by === 'cost' ? [/** @type {Need} */ (readNeed(`score>${LIMIT}`))] : [];
  const tally = { picked: 0, claimed: 0, right: 0, sure: 0, surelyRight: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const common = MEAN_SKILL + random.normal();
    const models = Array.from({ length: MODELS }, (_, i) => {
      const skill = common + spread * random.normal();
      return { model: `m${i}`, skill, costUsd: 2 ** i / 1000 };
    });
    const { picked, probability } = pickOf(candidatesOf(models, cases, random), [], {
      needs,
      objective: /** @type {Figure} */ (readFigure(by)),
      direction: by === 'cost' ? 'minimise' : 'maximise',
      confidence: 0,
    });
    if (picked === null || probability === null) continue;
    const right = Number(picked.model === bestOf(models, by));
    const sure = Number(probability >= SURE);
    tally.picked++;
    tally.claimed += probability;
    tally.right += right;
    tally.sure += sure;
    tally.surelyRight += sure * right;
  }
  const { picked, claimed, right, sure, surelyRight } = tally;
  const off = Math.round((100 * (claimed - right)) / picked);
  return [
    `${percent(claimed / picked)}`,
    `${percent(right / picked)}`,
    `${off > 0 ? '+' : off < 0 ? '−' : ''}${Math.abs(off)}`,
    sure === 0 ? 'none' : `${percent(surelyRight / sure)} (${percent(sure / picked)})`,
  ];
}

/**
 * @param {Model[]} models the cheapest first
 * @param {string} by
 */
function bestOf(models, by) {
  if (by === 'cost') return models.find(({ skill }) => scoreOf(skill) > LIMIT)?.model;
  return models.toSorted((a, b) => b.skill - a.skill)[0]?.model;
}

/**
 * The mean score over all cases that there could be.
 * @param {number} skill
 */
function scoreOf(skill) {
  let [sum, weights] = [0, 0];
  for (let z = -5; z <= 5; z += 0.1) {
    const weight = Math.exp((-z * z) / 2);
    sum += weight / (1 + Math.exp(-(skill + z)));
    weights += weight;
  }
  return sum / weights;
}

/** @param {number} share */
function percent(share) {
  return `${Math.round(100 * share)} %`;
}

/** @param {string} block */
function write(block) {
  const document = new URL('../docs/choosing.md', import.meta.url);
  const before = readFileSync(document, 'utf8');
  const [from, to] = [before.indexOf(START), before.indexOf(END)];
  if (from < 0 || to < from)
    throw new Error(`docs/choosing.md has no place for it: ${START} … ${END}`);
  writeFileSync(
    document,
    `${before.slice(0, from + START.length)}\n\n${block}\n\n${before.slice(to)}`,
  );
}
