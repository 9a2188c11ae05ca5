import { readFileSync } from 'node:fs';

/** What the kernel says of a process: see proc_pid_stat(5). */
export interface ProcessState {
  /** Of all its threads, in user and system mode; in steps of `TICK_MS`. */
  processorMs: number;
  /** Computing, or waiting for a processor to compute on; else it sleeps. */
  isRunnable: boolean;
}

/** `undefined` where nobody tells: on other systems than Linux, or of a process that is gone. */
export function processState(pid: number | undefined): ProcessState | undefined {
  if (process.platform !== 'linux' || pid === undefined) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before may have spaces and brackets of its own.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[UTIME_AT]) + Number(fields[UTIME_AT + 1]);
    return { processorMs: ticks * TICK_MS, isRunnable: fields[0] === 'R' };
  } catch {
    return undefined;
  }
}

/** Counted from the state, the third field. */
const UTIME_AT = 11;
/** USER_HZ, 100 wherever Node runs. */
const TICK_MS = 10;
