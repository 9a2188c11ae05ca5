// `npm run perf:records -- [COUNT]` (a million without one): what it costs to read a stored run back,
// as the commands do it: journal → summary → table and comparison, and requests.csv apart. Each
// part runs in a process of its own, so that its time and its peak memory are its own.
import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { link, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { openComparedRun } from '../dist/commands/compared-runs.js';
import { compareRuns } from '../dist/compare/compare.js';
import { openRun, readRecords, renderTable, requestsCsv } from '../dist/index.js';
import { createRandom } from '../dist/random.js';
import { renderComparison } from '../dist/report/compare/text.js';

const MODELS = 12;
const CASES = 480;
const IN_FLIGHT = 64;
const TEXT = { columns: 160, colour: false };

/** One run of all records, and two of half of them each, as the commands would read them. */
const PARTS = {
  'summary, table, comparison of models': async (folder) => {
    const run = await openComparedRun('whole', folder);
    const rows = run.rows.map(({ row }) => row);
    return (
      renderTable({ manifest: run.manifest, rows }, TEXT) +
      renderComparison(compareRuns([run]), TEXT)
    );
  },
  'the same of records and as many grades': async (folder) => {
    const run = await openComparedRun('graded', folder);
    const rows = run.rows.map(({ row }) => row);
    return (
      renderTable({ manifest: run.manifest, rows }, TEXT) +
      renderComparison(compareRuns([run]), TEXT)
    );
  },
  'comparison of two runs, half each': async (folder) => {
    const runs = await Promise.all(['half-a', 'half-b'].map((run) => openComparedRun(run, folder)));
    return renderComparison(compareRuns(runs), TEXT);
  },
  'requests.csv': async (folder) => {
    const records = readRecords(await openRun('whole', folder));
    await pipeline(requestsCsv(records), createWriteStream(path.join(folder, 'requests.csv')));
    return '';
  },
};

const [argument = '1000000', folder, part] = process.argv.slice(2);
if (part === undefined) await compareParts(Number(argument));
else await runPart(PARTS[part], folder);

async function compareParts(count) {
  const scratch = await mkdtemp(path.join(tmpdir(), 'tokentape-records-'));
  try {
    await writeRun(scratch, 'whole', count);
    await writeRun(scratch, 'half-a', Math.floor(count / 2));
    await writeRun(scratch, 'half-b', Math.ceil(count / 2));
    await writeGrades(scratch, count);
    const { size } = await stat(path.join(scratch, 'whole', 'requests.ndjson'));
    const perRecord = Math.round(size / count);
    console.log(
      `${count} records of ${perRecord} bytes, ${MODELS} models; ` +
        `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model}`,
    );
    console.table(
      Object.keys(PARTS).map((name) => ({ part: name, ...measurePart(scratch, name) })),
    );
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** The best of several, for a shared machine only ever adds; requests.csv, which has no limit, once. */
function measurePart(scratch, name) {
  const runs = Array.from({ length: name === 'requests.csv' ? 1 : 3 }, () => {
    const self = fileURLToPath(import.meta.url);
    const { stdout, status } = spawnSync(process.execPath, [self, '0', scratch, name], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) throw new Error(`${name}: ended with ${status}`);
    return JSON.parse(stdout);
  });
  const least = (of) => Math.min(...runs.map(of));
  return {
    seconds: Number(least(({ seconds }) => seconds).toFixed(2)),
    'CPU seconds': Number(least(({ cpuSeconds }) => cpuSeconds).toFixed(2)),
    'peak RSS MiB': Math.round(Math.max(...runs.map(({ peakMiB }) => peakMiB))),
    characters: runs[0]?.characters,
  };
}

async function runPart(work, folder) {
  const startedMs = performance.now();
  const text = await work(folder);
  const seconds = (performance.now() - startedMs) / 1000;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  const result = { seconds, cpuSeconds, peakMiB: maxRSS / 1024, characters: text.length };
  process.stdout.write(JSON.stringify(result));
}

async function writeRun(scratch, name, count) {
  const run = path.join(scratch, name);
  await mkdir(run);
  await writeFile(path.join(run, 'manifest.json'), JSON.stringify(manifestOf(name, count)));
  await pipeline(linesOf(name, count), createWriteStream(path.join(run, 'requests.ndjson')));
}

/** The records of the whole run, each with a grade. */
async function writeGrades(scratch, count) {
  const run = path.join(scratch, 'graded');
  await mkdir(run);
  await writeFile(path.join(run, 'manifest.json'), JSON.stringify(manifestOf('graded', count)));
  await link(path.join(scratch, 'whole', 'requests.ndjson'), path.join(run, 'requests.ndjson'));
  const grades = linesOf('grades', count, gradeOf);
  await pipeline(grades, createWriteStream(path.join(run, 'grades.ndjson')));
}

function gradeOf(index, random) {
  const mark = random.pick(['right', 'right', 'right', 'wrong', 'ungraded']);
  const judgement = {
    score: mark === 'ungraded' ? null : Number(mark === 'right'),
    answer: '42',
    reason: mark === 'right' ? null : 'is 42, not 43',
  };
  return {
    request_id: `r${index}`,
    target: 'market',
    model: `vendor/model-${index % MODELS}`,
    suite: 'chat',
    case_id: `case-${Math.floor(index / MODELS) % CASES}`,
    repeat: Math.floor(index / MODELS / CASES),
    turn: 0,
    graded_turns: 1,
    grade: mark,
    ...judgement,
    expected: '43',
    graders: [{ mark, ...judgement, type: 'match', weight: 1 }],
  };
}

function manifestOf(name, count) {
  return {
    schema_version: 1,
    run_id: name,
    state: 'complete',
    interrupted: null,
    simulated: false,
    validity: { verdict: 'valid', reasons: [] },
    started_at: '2026-01-02T03:04:05.000Z',
    finished_at: '2026-01-02T04:04:05.000Z',
    duration_ms: 3_600_000,
    clock: { wall: '2026-01-02T03:04:05.000Z', monotonic_ns: '1' },
    seed: '1',
    nonce: null,
    plan_hash: 'p',
    prompts_hash: 'p',
    suites: [{ name: 'chat', hash: 'h', cases: CASES }],
    versions: {},
    host: {},
    git: null,
    quantiles: 'Hyndman-Fan type 7',
    config: { settings: { slo: { ttft_ms: 400 } } },
    planned: Array.from({ length: MODELS }, (_, model) => ({
      target: 'market',
      model: `vendor/model-${model}`,
      label: `model-${model}`,
      suite: 'chat',
      planned: Math.floor((count + MODELS - 1 - model) / MODELS),
      skipped_reason: null,
      not_subscribed: false,
    })),
  };
}

/** Records in the order in which they end, in pieces of a megabyte or so. */
function* linesOf(name, count, lineOf = recordOf) {
  const random = createRandom(name);
  let lines = [];
  for (let index = 0; index < count; index++) {
    lines.push(JSON.stringify(lineOf(index, random)));
    if (lines.length === 1000 || index === count - 1) {
      yield `${lines.join('\n')}\n`;
      lines = [];
    }
  }
}

function recordOf(index, random) {
  const ttftMs = toMicroseconds(300 * Math.exp(0.4 * random.normal()));
  const tpotMs = rounded(20 * Math.exp(0.2 * random.normal()));
  const tokens = random.integer(20, 200);
  const e2eMs = toMicroseconds(ttftMs + tpotMs * (tokens - 1));
  const startedMs = (index - random.integer(0, IN_FLIGHT) + IN_FLIGHT) * 30;
  const failed = random.next() < 0.02;
  const unlessFailed = (value) => (failed ? null : value);
  return {
    request_id: `r${index}`,
    target: 'market',
    model: `vendor/model-${index % MODELS}`,
    suite: 'chat',
    case_id: `case-${Math.floor(index / MODELS) % CASES}`,
    attempt: 1,
    repeat: Math.floor(index / MODELS / CASES),
    turn: 0,
    phase: 'measure',
    simulated: false,
    outcome: failed ? 'server_5xx' : 'ok',
    http_status: failed ? 503 : 200,
    error_message: failed ? 'HTTP 503: overloaded' : null,
    finish_reason: unlessFailed('stop'),
    protocol: 'http/1.1',
    scheduled_ms: startedMs - 0.125,
    started_ms: startedMs,
    ended_ms: toMicroseconds(startedMs + e2eMs),
    schedule_delay_ms: 0.125,
    turn_delay_ms: null,
    dns_ms: null,
    tcp_ms: null,
    connect_ms: 0,
    headers_ms: toMicroseconds(ttftMs / 2),
    first_event_ms: unlessFailed(ttftMs),
    ttft_ms: unlessFailed(ttftMs),
    ttft_from_schedule_ms: unlessFailed(toMicroseconds(ttftMs + 0.125)),
    ttfat_ms: unlessFailed(ttftMs),
    e2e_ms: unlessFailed(e2eMs),
    censored: [],
    thinking_ms: null,
    tpot_ms: unlessFailed(tpotMs),
    decode_tokens_per_second: unlessFailed(rounded(1000 / tpotMs)),
    e2e_tokens_per_second: unlessFailed(rounded((1000 * tokens) / e2eMs)),
    itl_ms_p50: unlessFailed(tpotMs),
    chunk_gap_ms_p50: unlessFailed(tpotMs),
    chunk_gap_ms_max: unlessFailed(rounded(3 * tpotMs)),
    prompt_tokens: 60,
    cached_prompt_tokens: 0,
    output_tokens: unlessFailed(tokens),
    reasoning_tokens: null,
    token_source: failed ? 'unknown' : 'usage',
    tokenizer_output_tokens: null,
    token_difference: null,
    token_chunks: tokens,
    chunk_token_source: failed ? 'unknown' : 'usage',
    cost_usd: 0.0001,
    flags: [],
    answer_text: unlessFailed('Forty-two, as far as anyone can tell. '.repeat(1 + tokens / 40)),
    reasoning_text: null,
    tool_calls: null,
    stale_socket_redials: 0,
    post_done_events: 0,
    utf8_replacements: 0,
    body_bytes: 200 * tokens,
    litellm_call_id: null,
    litellm_model_id: null,
    litellm_attempted_retries: null,
    litellm_attempted_fallbacks: null,
    litellm_overhead_ms: null,
  };
}

// A run writes instants to the microsecond and other figures to six decimals.
function toMicroseconds(ms) {
  return Math.round(ms * 1000) / 1000;
}

function rounded(figure) {
  return Math.round(figure * 1e6) / 1e6;
}
