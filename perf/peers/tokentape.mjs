// The product, whole: a plan through the measuring thread, decoded, its records and tapes on disk.

import { DEFAULT_REQUEST_LIMITS } from '../../dist/config/settings.js';
import {
  buildPlan,
  chunkErrors,
  readTapes,
  runBenchmark,
  summariseErrors,
} from '../../dist/index.js';
import { MeasuringThread } from '../../dist/load/measuring-thread.js';
import { beginMeter, load, report } from './meter.mjs';

const settings = {
  suites: ['perf'],
  concurrency: load.streams,
  order: 'parallel',
  repeat: 1,
  warmup: 0,
  seed: '1',
  nonce: false,
  keepTapes: true,
  keepText: true,
  outputDir: load.outDir,
  requestLimits: DEFAULT_REQUEST_LIMITS,
  runLimits: { durationMs: null, requests: load.requests, outputTokens: null, costUsd: null },
  slo: {},
  validity: { lateMs: 2, lateShare: 1, cpuShare: 1 },
  calibrate: false,
  chunkRate: load.schedule.ratePerSecond,
};
const model = {
  name: 'ground-truth',
  label: 'ground-truth',
  price: null,
  tags: [],
  parameters: { ground_truth: load.schedule },
};
const targets = [
  {
    name: 'truth',
    baseUrl: load.url,
    path: '/chat/completions',
    apiKey: undefined,
    dialect: 'openai',
    protocol: 'http/1.1',
    headers: {},
    caFile: undefined,
    simulated: false,
    models: [model],
  },
];
const one = { id: 'go', system: null, turns: ['Go.'], parameters: {}, tags: [], expect: [] };
const suites = [{ name: 'perf', description: '', nonce: false, cases: [one], hash: 'perf' }];
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
  errors.push(chunkErrors(tape).errorMs);
}
const all = new Float64Array(summariseErrors(errors).chunks);
let filled = 0;
for (const some of errors) {
  all.set(some, filled);
  filled += some.length;
}
report(measured, { reads, errors: all });
