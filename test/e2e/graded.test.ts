import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JudgeCall } from '../../src/judge/types.ts';
import { answerBookOf } from '../../src/run/answer-book.ts';
import type { Grade } from '../../src/score/types.ts';
import { meansRight } from '../../src/simulator/answers.ts';
import { DEFAULT_SEED } from '../../src/simulator/options.ts';
import { PROFILES } from '../../src/simulator/profiles.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { binomialAtLeast } from '../../src/stats/binomial-power.ts';
import { BUILT_IN_SUITES_DIR, loadSuite } from '../../src/suite/load.ts';
import type { Case, ChatMessage, Suite } from '../../src/suite/types.ts';
import { type LiteLlm, startLiteLlm } from './litellm.ts';
import { readOnlyRun, runCli } from './run-cli.ts';

/** What the simulator means to answer, right or wrong, is graded so when LiteLLM stands in between. */

const MASTER_KEY = 'sk-e2e-master';
const UPSTREAM_KEY = 'e2e-upstream';
const GUARD = 'Llama-Guard-3-8B';
const CHAT = 'Qwen2.5-7B-chat';
const PLANNER = 'SaoLa-Llama3.1-planner';
const THINKER = 'DeepSeek-R1';
const MODELS = [GUARD, CHAT, PLANNER, THINKER];
/** Of `code`, each case takes a process. */
const SUITES = ['reasoning', 'chat', 'code', 'safety', 'japanese', 'vietnamese'];
/** USD per million tokens. */
const PRICE = { input_per_mtok: 1, output_per_mtok: 2 };
/** Of each suite, for each model. */
const CASES = 12;

const JUDGED = JSON.stringify({
  description: 'What a reader alone can grade',
  cases: ['red', 'green', 'blue', 'white', 'black', 'brown'].map((colour, index) => ({
    id: colour,
    prompt: `Say something kind about colour number ${index}.`,
    expect: { type: 'model-graded', value: 'It is kind.' },
    reference: `A lovely ${colour}.`,
    wrong: `An ugly ${colour}.`,
  })),
});

/** Of the planner's suite, the cases that are to call a tool. */
async function toolSuite(): Promise<string> {
  const planner = parse(await readFile(join(BUILT_IN_SUITES_DIR, 'planner.yaml'), 'utf8'));
  const cases = planner.cases.filter(({ parameters }: Case) => parameters?.tools !== undefined);
  return JSON.stringify({ ...planner, cases });
}

let folder: string;
let suites: Suite[];
let simulator: Simulator;
let proxy: LiteLlm;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokentape-e2e-'));
  const own = { judged: JUDGED, tools: await toolSuite() };
  const files = Object.entries(own).map(([name, text]) => [join(folder, `${name}.yaml`), text]);
  for (const [file = '', text = ''] of files) await writeFile(file, text);
  const target = {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of the config
    ...{ base_url: '${MARKETPLACE_API_BASE}', api_key: '${MARKETPLACE_API_KEY}' },
  };
  const models = MODELS.map((name) => ({
    ...{ name, price: PRICE, tags: name === GUARD ? ['classifier', 'safety'] : ['chat'] },
  }));
  // JSON is YAML.
  const config = JSON.stringify({ targets: { proxy: target }, models });
  await writeFile(join(folder, 'bench.config.yaml'), config);

  suites = [...SUITES, ...files.map(([file = '']) => file)].flatMap(
    (name) => loadSuite(name, [BUILT_IN_SUITES_DIR], DEFAULT_SEED).suite ?? [],
  );
  expect(suites).toHaveLength(SUITES.length + files.length);
  simulator = await startSimulator({
    ...{ keys: { [UPSTREAM_KEY]: 'all' }, profile: 'fast', seed: DEFAULT_SEED },
    answerBook: answerBookOf(suites),
  });
  proxy = await startLiteLlm({
    ...{ upstreamUrl: simulator.url, upstreamKey: UPSTREAM_KEY },
    ...{ models: MODELS, masterKey: MASTER_KEY },
  });
});
afterAll(async () => {
  await proxy?.close();
  await simulator?.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(name: string, ...args: string[]) {
  const output = join(folder, name);
  const result = await runCli(
    [
      ...['run', '-c', join(folder, 'bench.config.yaml'), '-o', output, '-w', '0', '-q'],
      ...['--seed', DEFAULT_SEED, ...args],
    ],
    { apiBase: proxy.url, apiKey: MASTER_KEY },
  );
  expect(result.code, result.stderr).toBe(0);
  const written = await readOnlyRun(output);
  for (const text of [result.stdout, result.stderr, ...Object.values(written.texts)]) {
    expect(text).not.toContain(MASTER_KEY);
  }
  return { ...written, grades: linesOf<Grade>(written.texts['grades.ndjson']) };
}

function linesOf<Line>(text = ''): Line[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
}

/** Grades that are not what the simulator meant. */
function strays(grades: readonly Grade[]): Partial<Grade>[] {
  return grades.flatMap(({ model, suite, case_id, turn, grade, answer, reason }) => {
    const profile = PROFILES.default.get(model);
    const one = suites.find(({ name }) => name === suite)?.cases.find(({ id }) => id === case_id);
    if (profile === undefined || one === undefined) throw new Error(`${suite}/${case_id}?`);
    const opening: ChatMessage[] = [
      ...(one.system === null ? [] : [{ role: 'system' as const, content: one.system }]),
      { role: 'user', content: one.turns[0]?.text ?? '' },
    ];
    const meant = meansRight(profile, opening, DEFAULT_SEED) ? 'right' : 'wrong';
    return grade === meant ? [] : [{ model, suite, case_id, turn, grade, answer, reason }];
  });
}

test('suites of every kind: each answer is graded as it was meant, and accuracy is the skill set', async () => {
  const { manifest, records, rows, grades } = await run(
    'suites',
    ...SUITES.flatMap((name) => ['-s', name]),
    ...['-n', `${CASES}`, '-j', '4', '--run-code'],
  );
  expect(records.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'ok')).toEqual([]);
  expect(manifest.grading).toMatchObject({ state: 'complete', ungraded: 0, not_run: {} });
  expect(strays(grades)).toEqual([]);
  expect(grades.some(({ graded_turns }) => graded_turns > 1)).toBe(true);
  expect(grades.filter(({ suite }) => suite === 'code')).toHaveLength(3 * CASES);
  expect(grades.filter(({ model }) => model === GUARD).map(({ suite }) => suite)).toEqual(
    Array(CASES).fill('safety'),
  );
  const measured = rows.flatMap(({ model, grades: counts, estimates: { accuracy } }) => {
    const skill = PROFILES.default.get(model)?.skill ?? Number.NaN;
    return counts === undefined ? [] : { skill, low: accuracy.low ?? 1, high: accuracy.high ?? 0 };
  });
  // Every suite but that of the classifier for each of the others.
  expect(measured).toHaveLength(3 * 5 + 1);
  const missed = measured.filter(({ skill, low, high }) => !(skill >= low && skill <= high));
  expect(binomialAtLeast(measured.length, 0.05, missed.length)).toBeGreaterThan(0.001);
});

test('calls of tools come through, whole, and are graded', async () => {
  const tools = join(folder, 'tools.yaml');
  const { records, grades } = await run('tools', '-s', tools, '-m', PLANNER, '-n', '20');
  expect(records).toHaveLength(20);
  expect(strays(grades)).toEqual([]);
  expect(grades).toHaveLength(records.length);
  const called = new Set(
    records.flatMap(({ tool_calls, request_id }) => (tool_calls === null ? [] : request_id)),
  );
  const marks = grades.flatMap(({ request_id, grade }) => (called.has(request_id) ? grade : []));
  expect(new Set(marks)).toEqual(new Set(['right', 'wrong']));
});

test('a judge is asked through the proxy, and what it costs is counted', async () => {
  const { manifest, grades, texts } = await run(
    'judged',
    ...['-s', join(folder, 'judged.yaml'), '-m', CHAT, '--judge', `proxy/${THINKER}`],
  );
  const calls = linesOf<JudgeCall>(texts['judge.ndjson']);
  expect(calls).toHaveLength(2 * grades.length);
  expect(grades.every(({ grade }) => grade !== 'ungraded')).toBe(true);
  const costs = calls.map(({ prompt_tokens, output_tokens }) => {
    return ((prompt_tokens ?? Number.NaN) + 2 * (output_tokens ?? Number.NaN)) / 1e6;
  });
  const costUsd = costs.reduce((sum, cost) => sum + cost, 0);
  expect(manifest.grading?.judge).toMatchObject({
    ...{ judges: [`proxy/${THINKER}`], answers: 6, judged: 6, failed_calls: 0 },
    calls_of_unknown_cost: 0,
  });
  expect(manifest.grading?.judge?.cost_usd).toBeCloseTo(costUsd, 9);
  // It errs as often as its skill says.
  const skill = PROFILES.default.get(THINKER)?.skill ?? 0;
  expect(binomialAtLeast(grades.length, 1 - skill, strays(grades).length)).toBeGreaterThan(0.001);
});
