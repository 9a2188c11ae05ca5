import type { StreamLoad } from '../calibration/cache.ts';
import { GROUND_TRUTH_MODEL } from '../calibration/chunk.ts';
import { SCHEDULE_KEY } from '../calibration/sender.ts';
import { stampingError } from '../calibration/stamping-error.ts';
import type { Tape } from '../capture/tape.ts';
import { DEFAULT_REQUEST_LIMITS, DEFAULT_VALIDITY } from '../config/settings.ts';
import type { MeasuringThread } from '../load/measuring-thread.ts';
import { type MeasureJob, modelKey, type Report } from '../load/protocol.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { ClientError } from '../store/types.ts';

/** With the start of the sender, two seconds in all. */
const SENDING_MS = 1500;
/** A stream lasts so long, and is sent again: what ends and begins is part of the load. */
const STREAM_MS = [400, 1000] as const;
/** The first calls of cold code are no one's steady state. */
const WARMUP_REQUESTS = 8;
const TARGET = 'ground-truth';

/**
 * Drives the measuring thread by the ground truth at `url`, through the path that every request of a
 * run takes, and tells how wrong its stamps are. Takes 1.5 s; the thread is free for a run after it.
 */
export async function measureClientError(
  thread: MeasuringThread,
  url: string,
  load: StreamLoad,
): Promise<ClientError> {
  const tapes: Tape[] = [];
  let stopping: NodeJS.Timeout | undefined;
  const finished = await new Promise<Extract<Report, { type: 'finished' }>>((resolve, reject) => {
    const take = (report: Report): void => {
      if (report.type === 'finished') resolve(report);
      // Looked at later: the cores belong to sender and thread now.
      else if (report.type === 'tape' && report.request.phase === 'measure')
        tapes.push(report.tape);
    };
    thread.begin(jobOf(url, load), take, reject).catch(reject);
    const stop = { type: 'stop', reason: 'duration', abort: true } as const;
    stopping = setTimeout(() => thread.tell(stop), SENDING_MS);
  }).finally(() => clearTimeout(stopping));

  const error = stampingError(tapes);
  return {
    streams: load.streams,
    chunk_rate: load.chunkRate,
    chunks: error.chunks,
    error_ms_p50: round(error.p50Ms),
    error_ms_p99: round(error.p99Ms),
    error_ms_p999: round(error.p999Ms),
    error_ms_max: round(error.maxMs),
    cpu_share: finished.thread === null ? null : roundOrNull(finished.thread.cpuShare),
    measured_at: new Date().toISOString(),
    cached: false,
  };
}

/** @throws where not one chunk came, for then nothing is known */
function round(ms: number | undefined): number {
  if (ms === undefined) throw new Error('not one chunk of the calibration came');
  return Math.round(ms * 1000) / 1000;
}

function roundOrNull(share: number | null): number | null {
  return share === null ? null : Math.round(share * 1000) / 1000;
}

function jobOf(url: string, load: StreamLoad): MeasureJob {
  const warmups = Math.min(WARMUP_REQUESTS, load.streams);
  return {
    runOriginNs: String(process.hrtime.bigint()),
    targets: [
      {
        name: TARGET,
        baseUrl: url,
        path: '/chat/completions',
        apiKey: undefined,
        headers: {},
        protocol: 'http/1.1',
        dialect: 'openai',
        ca: undefined,
      },
    ],
    requests: [
      ...Array.from({ length: warmups }, (_, index) =>
        requestOf(`warmup-${index}`, 'warmup', load),
      ),
      ...Array.from({ length: load.streams }, (_, index) =>
        requestOf(`s${index}`, 'measure', load),
      ),
    ],
    order: 'parallel',
    concurrency: load.streams,
    requestLimits: DEFAULT_REQUEST_LIMITS,
    runLimits: { durationMs: null, requests: null, outputTokens: null, costUsd: null },
    cycle: true,
    lateMs: DEFAULT_VALIDITY.lateMs,
    inFlight: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    sent: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    modelKeys: [modelKey({ target: TARGET, model: GROUND_TRUTH_MODEL })],
  };
}

function requestOf(
  requestId: string,
  phase: PlannedRequest['phase'],
  { chunkRate }: StreamLoad,
): PlannedRequest {
  const chunks = STREAM_MS.map((ms) => Math.max(2, Math.round((ms * chunkRate) / 1000)));
  const schedule =
    phase === 'warmup' ? { ratePerSecond: 1000, chunks: 20 } : { ratePerSecond: chunkRate, chunks };
  return {
    requestId,
    target: TARGET,
    model: GROUND_TRUTH_MODEL,
    suite: 'calibration',
    caseId: 'calibration',
    phase,
    repeat: 0,
    conversationId: requestId,
    turn: 0,
    turnCount: 1,
    pairId: null,
    arm: null,
    scheduledMs: null,
    messages: [{ role: 'user', content: 'Stream.' }],
    nonce: null,
    parameters: { [SCHEDULE_KEY]: schedule },
    expect: [],
    reference: null,
    gradedTurns: 0,
    costUpperUsd: null,
    outputTokensUpper: null,
  };
}
