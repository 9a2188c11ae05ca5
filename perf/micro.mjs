// `npm run perf:micro`: the product's own hot paths, timed by tinybench, in microseconds each. Figures
// of one machine and one moment: compare them within one run only.
import { Bench } from 'tinybench';
import {
  decodeTape,
  outcomeOf,
  recordOf,
  renderTable,
  requestsCsv,
  runJson,
  runMarkdown,
  SseDecoder,
  Summariser,
  stampingError,
  summaryCsv,
} from '../dist/index.js';

const CHUNKS = 1000;
const RECORDS = 1000;
const MODELS = 12;

const event = (data) => Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
/** A tape of so many chunks, one to a read and a millisecond. */
function tapeOf(contentOf) {
  const reads = Array.from({ length: CHUNKS }, (_, index) =>
    event({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'DeepSeek-R1',
      choices: [{ index: 0, delta: { content: contentOf(index) }, finish_reason: null }],
    }),
  );
  const usage = { prompt_tokens: 12, completion_tokens: CHUNKS, total_tokens: CHUNKS + 12 };
  reads.push(event({ choices: [], usage }), Buffer.from('data: [DONE]\n\n'));
  return {
    reads,
    requestId: 'r1',
    originNs: '1000000000',
    scheduledMs: 0,
    startedMs: 0,
    turnDelayMs: null,
    dnsMs: null,
    tcpMs: null,
    connectedMs: 0,
    headersMs: 1,
    end: { atMs: reads.length, how: 'done', code: null, stage: null, message: null },
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    protocol: 'http/1.1',
    staleSocketRedials: 0,
    arrivalsMs: Float64Array.from(reads, (_, index) => index),
    arrivalBytes: Uint32Array.from(reads, (read) => read.length),
    body: Buffer.concat(reads),
  };
}

const tape = tapeOf((index) => ` word${index}`);
const truthTape = tapeOf((index) => `${String(1e9 + index * 1e6).padStart(19, '0')} `);
const reply = decodeTape(tape, 'openai');
const names = Array.from({ length: MODELS }, (_, index) => `model-${index}`);
const models = names.map((name) => ({
  name,
  label: name,
  price: { input_per_mtok: 1, output_per_mtok: 2 },
  tags: [],
  parameters: {},
}));
const plannedRequest = (index) => ({
  requestId: `r${index}`,
  target: 'market',
  model: names[index % MODELS],
  suite: 'chat',
  caseId: `case-${index}`,
  phase: 'measure',
  repeat: 0,
  conversationId: `r${index}`,
  turn: 0,
  turnCount: 1,
  pairId: null,
  arm: null,
  scheduledMs: null,
  messages: [{ role: 'user', content: 'Go.' }],
  nonce: null,
  parameters: {},
  expect: [],
  reference: null,
  gradedTurns: 0,
  costUpperUsd: null,
  outputTokensUpper: null,
});
const derive = (index) =>
  recordOf({
    planned: plannedRequest(index),
    tape,
    reply,
    outcome: outcomeOf(tape, reply),
    model: models[index % MODELS],
    simulated: false,
    keepText: true,
  });

const records = Array.from({ length: RECORDS }, (_, index) => derive(index));
const planned = names.map((name) => ({
  target: 'market',
  model: name,
  label: name,
  suite: 'chat',
  planned: Math.ceil(RECORDS / MODELS),
  skipped_reason: null,
  not_subscribed: false,
}));
const summarise = () => {
  const summariser = new Summariser({});
  for (const record of records) summariser.add(record);
  return summariser.rows(planned);
};
const rows = summarise();
const view = {
  manifest: {
    run_id: 'r',
    state: 'complete',
    interrupted: null,
    simulated: false,
    seed: '1',
    validity: { verdict: 'valid', reasons: [] },
    quantiles: 'Hyndman-Fan type 7',
  },
  rows,
};

const bench = new Bench({ time: 300, warmupTime: 100, throws: true })
  .add(`SSE decoder, ${CHUNKS} events in as many reads`, () => {
    const decoder = new SseDecoder(() => {});
    for (const read of tape.reads) decoder.push(read);
    decoder.end();
  })
  .add(`SSE decoder, ${CHUNKS} events in one read`, () => {
    const decoder = new SseDecoder(() => {});
    decoder.push(tape.body);
    decoder.end();
  })
  .add(`tape to reply, ${CHUNKS} chunks`, () => decodeTape(tape, 'openai'))
  .add(`reply to record, ${CHUNKS} chunks`, () => derive(0))
  .add(`stamping error, ${CHUNKS} chunks`, () => stampingError([truthTape]))
  .add(`summary of ${RECORDS} records, ${MODELS} rows`, summarise)
  .add(`table of ${MODELS} rows`, () => renderTable(view, { columns: 120, colour: false }))
  .add(`Markdown of ${MODELS} rows`, () => runMarkdown(view))
  .add(`JSON of ${MODELS} rows`, () => runJson(view))
  .add(`summary.csv of ${MODELS} rows`, () => summaryCsv(rows))
  .add(`requests.csv of ${RECORDS} records`, async () => {
    for await (const _line of requestsCsv(records));
  });
await bench.run();
console.table(
  bench.tasks.map(({ name, result }) => ({
    task: name,
    'median µs': Math.round((result.latency.p50 ?? 0) * 1000),
    'p99 µs': Math.round((result.latency.p99 ?? 0) * 1000),
    samples: result.latency.samplesCount,
  })),
);
