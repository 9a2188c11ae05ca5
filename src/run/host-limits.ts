import { readFileSync } from 'node:fs';
import type { ListedTarget } from '../plan/plan.ts';

/** What this process may use at once; `null` where the system does not tell. */
export interface HostLimits {
  openFiles: number | null;
  /** Local ports that connections to one address can have. */
  ports: number | null;
}

/** Journal, tapes, pipes, threads' own files, and some air. */
const OWN_FILES = 64;
/** Connections that have ended keep their port for a minute. */
const PORT_SHARE_SAFE = 0.5;

/** As Linux tells them. */
export function readHostLimits(): HostLimits {
  return {
    openFiles: openFilesOf(readOrNull('/proc/self/limits') ?? ''),
    ports: portsOf(readOrNull('/proc/sys/net/ipv4/ip_local_port_range') ?? ''),
  };
}

/** The soft limit, which is what counts. */
export function openFilesOf(limits: string): number | null {
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits) ?? [];
  return soft === undefined ? null : Number(soft);
}

export function portsOf(range: string): number | null {
  const [, low, high] = /^\s*(\d+)\s+(\d+)/.exec(range) ?? [];
  return low === undefined ? null : Number(high) - Number(low) + 1;
}

/** Open files that a run needs: a socket a stream, and the other end of it where the simulator answers. */
export function filesNeeded(streams: number, targets: readonly Pick<ListedTarget, 'simulated'>[]) {
  const ends = targets.some(({ simulated }) => simulated) ? 2 : 1;
  return streams * ends + OWN_FILES;
}

export interface LimitProblem {
  message: string;
  remedy: string;
  /** Whether requests are bound to fail; else it may go well. */
  certain: boolean;
}

/**
 * Limits of the system that a run would meet, told before it sends anything.
 * @param streams open at once, at most
 * @param files needed for them
 */
export function limitProblems(streams: number, files: number, limits: HostLimits): LimitProblem[] {
  const problems: LimitProblem[] = [];
  const fewer = 'or fewer requests at once (--concurrency)';
  if (limits.openFiles !== null && files > limits.openFiles) {
    problems.push({
      message: `${streams} streams at once need ${files} open files, and this process may have ${limits.openFiles}`,
      remedy: `ulimit -n ${files}, ${fewer}`,
      certain: true,
    });
  }
  if (limits.ports !== null && streams > limits.ports * PORT_SHARE_SAFE) {
    problems.push({
      message: `${streams} streams at once need a local port each, and this system has ${limits.ports} for all of its connections to one address`,
      remedy: `sysctl -w net.ipv4.ip_local_port_range="1024 65535", ${fewer}`,
      certain: streams > limits.ports,
    });
  }
  return problems;
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
