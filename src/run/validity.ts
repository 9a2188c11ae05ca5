import type { ValidityLimits } from '../config/types.ts';
import type { Report } from '../load/protocol.ts';
import type { ThreadFigures, Validity } from '../store/types.ts';

/** One read alone is no share of anything. */
const LATE_READS_MIN = 2;
/** A shorter window is mostly first calls of cold code, which `late_share` judges better. */
const CPU_WINDOW_MS_MIN = 1000;

/** What the measuring thread tells at its end, as the manifest keeps it. */
export function figuresOf({
  thread,
  backlogPauses,
}: Extract<Report, { type: 'finished' }>): ThreadFigures | null {
  if (thread === null) return null;
  const figures: ThreadFigures = {
    window_ms: thread.windowMs,
    probes: thread.probes,
    late_share: thread.lateShare,
    lateness_ms_p50: thread.latenessMsP50,
    lateness_ms_p99: thread.latenessMsP99,
    lateness_ms_max: thread.latenessMsMax,
    cpu_share: thread.cpuShare,
    loop_share: thread.loopShare,
    run_queue_share: thread.waitedShare,
    gc_pauses: thread.gcPauses,
    gc_ms: thread.gcMs,
    gc_ms_max: thread.gcMsMax,
    reads: thread.reads,
    late_reads: thread.lateReads,
    schedule_delay_ms_p99: thread.scheduleDelayMsP99,
    schedule_delay_ms_max: thread.scheduleDelayMsMax,
    backlog_pauses: backlogPauses,
  };
  const rounded = Object.entries(figures).map(([name, value]) => [name, round(value)]);
  return Object.fromEntries(rounded) as ThreadFigures;
}

function round(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e4) / 1e4;
}

/**
 * Whether the figures of a run may be believed, as far as the client is concerned.
 * @param simulated the figures are no one's evidence: past a limit they are warned of
 * @see docs/metrics.md#validity
 */
export function judgeValidity(
  measured: ThreadFigures | null,
  limits: ValidityLimits,
  simulated: boolean,
): Validity {
  if (measured === null) return { verdict: 'valid', reasons: [] };
  const faults = [lateness(measured, limits), busyness(measured, limits)].filter(
    (reason) => reason !== null,
  );
  const reasons = [...faults, ...backlog(measured)];
  const past = simulated ? 'warned' : 'invalid';
  const verdict = faults.length > 0 ? past : reasons.length > 0 ? 'warned' : 'valid';
  return { verdict, reasons, measured };
}

/**
 * The client was late both for a share of the time and for that share of what came: the one without
 * the other are moments in which nothing was there to be stamped, or a handful of reads.
 */
function lateness(measured: ThreadFigures, { lateMs, lateShare }: ValidityLimits): string | null {
  const { late_share, late_reads, reads, lateness_ms_max } = measured;
  const lateReadShare = reads === 0 ? 0 : late_reads / reads;
  if (late_share <= lateShare || lateReadShare <= lateShare || late_reads < LATE_READS_MIN) {
    return null;
  }
  const much = `for ${percent(late_share)} of the time, ${percent(lateReadShare)} of what came`;
  const past = `limit ${percent(lateShare)}, worst ${figure(lateness_ms_max)} ms`;
  return `the client was more than ${lateMs} ms late ${much} (${past}): ${causeOf(measured)}`;
}

/** What held the thread up most, and what helps. */
function causeOf(measured: ThreadFigures): string {
  const { cpu_share, run_queue_share, gc_ms, window_ms } = measured;
  const waited = run_queue_share ?? 0;
  if (waited > measured.late_share / 4 && waited > (cpu_share ?? 0) / 4) {
    return `other processes had its core for ${percent(waited)} of the time; end them, or take a machine with more cores`;
  }
  if (gc_ms / window_ms > measured.late_share / 2) {
    return `garbage collection took ${percent(gc_ms / window_ms)}; send fewer requests at once (--concurrency)`;
  }
  if ((cpu_share ?? measured.loop_share) > 0.5)
    return 'it had too much to do; send fewer requests at once (--concurrency)';
  return 'something held it up for moments; end what else runs here, or take another machine';
}

function busyness(measured: ThreadFigures, { cpuShare }: ValidityLimits): string | null {
  const used = measured.cpu_share ?? measured.loop_share;
  if (used <= cpuShare || measured.window_ms < CPU_WINDOW_MS_MIN) return null;
  return `the measuring thread used ${percent(used)} of a core (limit ${percent(cpuShare)}); send fewer requests at once (--concurrency)`;
}

function backlog({ backlog_pauses }: ThreadFigures): string[] {
  if (backlog_pauses === 0) return [];
  return [
    `sending paused ${backlog_pauses} times because replies could not be decoded and written as fast as they came`,
  ];
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

const VERDICTS = ['valid', 'warned', 'invalid'] as const;

/** Of two parts of a run: the worse verdict, and the reasons of both. Figures are those of the later part. */
export function worseOf(earlier: Validity, later: Validity): Validity {
  const worst = Math.max(...[earlier, later].map(({ verdict }) => VERDICTS.indexOf(verdict)));
  return {
    ...earlier,
    ...later,
    verdict: VERDICTS[worst] ?? 'invalid',
    reasons: [...new Set([...earlier.reasons, ...later.reasons])],
  };
}
