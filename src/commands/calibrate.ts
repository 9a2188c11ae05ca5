import { CalibrationCache } from '../calibration/cache.ts';
import { type Found, findTrusted, LIMIT_MS, TRUSTED_MS } from '../calibration/find-trusted.ts';
import { startGroundTruth } from '../calibration/ground-truth.ts';
import { wholeNumber } from '../config/setting-kinds.ts';
import { DEFAULT_CHUNK_RATE } from '../config/settings.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { jsonText } from '../json.ts';
import { MeasuringThread } from '../load/measuring-thread.ts';
import { drawGrid } from '../report/grid.ts';
import { formatCount, formatFigure, formatOptional, formatPercent } from '../report/numbers.ts';
import { measureClientError } from '../run/calibrate.ts';
import { filesNeeded, readHostLimits } from '../run/host-limits.ts';
import type { ClientError } from '../store/types.ts';
import { processOutput } from './output.ts';

export interface CalibrateFlags {
  rate?: string;
  streams?: string;
  json?: boolean;
  quiet?: boolean;
}

const STREAMS_MOST = 8192;

/** `tokentape calibrate`: how wrong the client's stamps are, and with how many streams. */
export async function calibrateCommand(flags: CalibrateFlags): Promise<ExitCode> {
  const output = processOutput(flags.quiet);
  const chunkRate = read('--rate', flags.rate, 1, 10_000) ?? DEFAULT_CHUNK_RATE;
  const alone = read('--streams', flags.streams, 1, STREAMS_MOST);
  const cache = new CalibrationCache();
  const truth = await startGroundTruth();
  const thread = new MeasuringThread();
  try {
    const measure = async (streams: number): Promise<ClientError> => {
      const step = await measureClientError(thread, truth.url, { streams, chunkRate });
      const { error_ms_p99 } = step;
      output.say(`${formatCount(streams)} streams: p99 ${formatFigure(error_ms_p99)} ms`);
      return step;
    };
    const found =
      alone === undefined
        ? await findTrusted(measure, mostStreams())
        : single(await measure(alone));
    await cache.keepErrors(found.steps);
    if (alone === undefined) {
      await cache.keepTrusted({
        chunk_rate: chunkRate,
        trusted_streams: found.trusted,
        limit_streams: found.limit,
        measured_at: new Date().toISOString(),
      });
    }
    if (flags.json === true) output.data(calibrationJson(found, chunkRate, alone === undefined));
    else {
      output.write(`${stepsTable(found.steps, output.colour)}\n`);
      if (alone === undefined) output.write(`\n${verdictLines(found, chunkRate).join('\n')}\n`);
    }
    return EXIT.done;
  } finally {
    await truth.close();
    await thread.end();
  }
}

function read(
  flag: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return undefined;
  const kind = wholeNumber(least, most);
  const value = kind.parse(text);
  if (value === undefined) throw usageError(`${flag}: must be ${kind.form}`);
  return value;
}

/** As many as there are files for; the sender has a process, and files, of its own. */
function mostStreams(): number {
  const { openFiles } = readHostLimits();
  return openFiles === null ? STREAMS_MOST : Math.min(STREAMS_MOST, openFiles - filesNeeded(0, []));
}

function single(step: ClientError): Found<ClientError> {
  return { trusted: 0, limit: 0, openEnded: true, steps: [step] };
}

function calibrationJson(
  { steps, trusted, limit, openEnded }: Found<ClientError>,
  chunkRate: number,
  searched: boolean,
): string {
  const document = {
    schema_version: 1,
    chunk_rate: chunkRate,
    ...(searched && {
      trusted_streams: trusted,
      limit_streams: limit,
      open_ended: openEnded,
      trusted_ms: TRUSTED_MS,
      limit_ms: LIMIT_MS,
    }),
    steps,
  };
  return `${jsonText(document, 2)}\n`;
}

function stepsTable(steps: readonly ClientError[], colour: boolean): string {
  const rows = [...steps].sort((a, b) => a.streams - b.streams);
  return drawGrid(
    {
      head: ['streams', 'chunks/s', 'p50', 'p99', 'p99.9', 'max', 'CPU %'],
      align: Array.from({ length: 7 }, () => 'right'),
      rows: rows.map((step) => [
        formatCount(step.streams),
        formatCount(step.streams * step.chunk_rate),
        formatFigure(step.error_ms_p50),
        formatFigure(step.error_ms_p99),
        formatFigure(step.error_ms_p999),
        formatFigure(step.error_ms_max),
        formatOptional(step.cpu_share, formatPercent),
      ]),
    },
    colour,
  );
}

function verdictLines(
  { trusted, limit, openEnded }: Found<ClientError>,
  chunkRate: number,
): string[] {
  const each = `of ${formatCount(chunkRate)} chunks/s each`;
  const lines = [
    'Errors in ms: the instant this client stamps, less the instant a chunk was sent.',
  ];
  lines.push(
    trusted === 0
      ? `This host cannot be trusted now: p99 passes ${TRUSTED_MS} ms at every load tried. Is it busy with something else?`
      : `This host can be trusted with ${formatCount(trusted)} streams ${each}: p99 is within ${TRUSTED_MS} ms.`,
  );
  if (openEnded) {
    lines.push(
      `Up to ${formatCount(limit)} streams, the most tried, p99 is within ${LIMIT_MS} ms.`,
    );
  } else if (limit > 0) {
    lines.push(
      `Beyond ${formatCount(limit)} streams p99 passes ${LIMIT_MS} ms: a run there is of no use.`,
    );
  }
  return lines;
}
