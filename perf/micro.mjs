// `npm run perf`: the product's own hot paths, timed by tinybench, as operations a second and
// microseconds each. Figures of one machine and one moment: compare them within one run only.
import { Bench } from 'tinybench';
import { decodeTape, OUTCOMES, renderTable, SseDecoder, Summariser } from '../dist/index.js';

const CHUNKS = 1000;
const chunk = (index) =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'DeepSeek-R1',
    choices: [{ index: 0, delta: { content: ` word${index}` }, finish_reason: null }],
  })}\n\n`;
const reads = Array.from({ length: CHUNKS }, (_, index) => Buffer.from(chunk(index)));
reads.push(Buffer.from('data: [DONE]\n\n'));
const body = Buffer.concat(reads);

const tape = {
  requestId: 'r1',
  originNs: '0',
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
  body,
};

const record = {
  target: 't',
  model: 'm',
  suite: 's',
  phase: 'measure',
  outcome: OUTCOMES[0],
  censored: [],
  flags: [],
  started_ms: 0,
  ended_ms: 900,
  ttft_ms: 100,
  e2e_ms: 900,
  tpot_ms: 8,
  decode_tokens_per_second: 125,
  output_tokens: 100,
  token_source: 'usage',
};
const planned = [
  {
    target: 't',
    model: 'm',
    label: 'm',
    suite: 's',
    planned: 1000,
    skipped_reason: null,
    not_subscribed: false,
  },
];
const summarise = () => {
  const summariser = new Summariser({});
  for (let index = 0; index < 1000; index++) summariser.add(record);
  return summariser.rows(planned);
};
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
  rows: summarise(),
};

const bench = new Bench({ time: 500, warmupTime: 100, throws: true })
  .add(`SSE decoder, ${CHUNKS} events in as many reads`, () => {
    const decoder = new SseDecoder(() => {});
    for (const read of reads) decoder.push(read);
    decoder.end();
  })
  .add(`SSE decoder, ${CHUNKS} events in one read`, () => {
    const decoder = new SseDecoder(() => {});
    decoder.push(body);
    decoder.end();
  })
  .add(`tape to reply, ${CHUNKS} chunks`, () => decodeTape(tape, 'openai'))
  .add('summary of 1,000 records', summarise)
  .add('table of one row', () => renderTable(view, { columns: 120, colour: false }));
await bench.run();
console.table(
  bench.tasks.map(({ name, result }) => ({
    task: name,
    'median µs': Math.round((result.latency.p50 ?? 0) * 1000),
    'p99 µs': Math.round((result.latency.p99 ?? 0) * 1000),
    samples: result.latency.samplesCount,
  })),
);
