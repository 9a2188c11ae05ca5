// The product, whole: a plan through the measuring thread, decoded, its records and tapes on disk.
import { mkdirSync, writeFileSync } from 'node:fs';
import {
  buildPlan,
  chunkErrors,
  loadConfig,
  loadSuite,
  readTapes,
  resolveSettings,
  resolveTargets,
  runBenchmark,
} from '../../dist/index.js';
import { MeasuringThread } from '../../dist/load/measuring-thread.js';
import { beginMeter, load, report } from './meter.mjs';

mkdirSync(load.outDir, { recursive: true });
process.chdir(load.outDir);
mkdirSync('suites', { recursive: true });
writeFileSync('suites/perf.yaml', 'description: one prompt\ncases: [{ id: go, prompt: Go. }]\n');
const config = {
  targets: { truth: { base_url: load.url } },
  models: [{ name: 'ground-truth', parameters: { ground_truth: load.schedule } }],
};
writeFileSync('bench.config.yaml', JSON.stringify(config));
const cwd = process.cwd();
const loaded = loadConfig({ path: undefined, cwd, env: {} });
const flags = {
  suite: ['perf'],
  concurrency: String(load.streams),
  requests: String(load.requests),
  warmup: '0',
  // The sender of this benchmark takes its place.
  calibrate: false,
};
const { settings, problems } = resolveSettings(loaded, flags, { cwd, drawSeed: () => '1' });
const { targets, problems: ofTargets } = resolveTargets(loaded, {});
const { suite, problems: ofSuite } = loadSuite('perf', ['suites'], settings.seed);
const wrong = [...loaded.problems, ...problems, ...ofTargets, ...ofSuite];
if (wrong.length > 0) throw new Error(JSON.stringify(wrong));
const suites = [suite];
const plan = buildPlan({ suites, targets, settings });

// As with every other client, what it takes to load is not counted: only from the first request on.
const thread = new MeasuringThread();
await new Promise((resolve) => setTimeout(resolve, 1000));

let meter = beginMeter();
const result = await runBenchmark({
  plan,
  suites,
  targets,
  settings,
  thread,
  onStart: () => {
    meter = beginMeter();
  },
});
const measured = meter.end();

const failed = result.rows.filter((row) => row.requests.ok !== load.requests);
if (failed.length > 0) throw new Error(`not all requests went well: ${JSON.stringify(failed)}`);
let reads = 0;
const errors = [];
for await (const tape of readTapes({ path: result.folder.path, manifest: result.manifest })) {
  reads += tape.arrivalsMs.length;
  for (const ms of chunkErrors(tape).errorMs) errors.push(ms);
}
report(measured, { reads, errors: Float64Array.from(errors) });
