// What a process holds, seen from outside; Linux tells it in /proc, and elsewhere nothing is to be had.
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * @typedef {object} Sample
 * @property {number} atMs since the first sample
 * @property {number} rssMib
 * @property {number} pssMib
 * @property {number} peakMib
 * @property {number} threads
 * @property {number} fds
 * @property {number} sockets
 */

export const canSample = existsSync('/proc/self/smaps_rollup');

const MIB_PER_KIB = 1 / 1024;

/**
 * @param {number} pid
 * @returns {Omit<Sample, 'atMs'> | null} `null` once it has ended
 */
export function sampleProcess(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    const links = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => linkOf(pid, fd));
    return {
      rssMib: field(status, 'VmRSS') * MIB_PER_KIB,
      pssMib: field(rollup, 'Pss') * MIB_PER_KIB,
      peakMib: field(status, 'VmHWM') * MIB_PER_KIB,
      threads: field(status, 'Threads'),
      fds: links.length,
      sockets: links.filter((link) => link.startsWith('socket:')).length,
    };
  } catch {
    return null;
  }
}

/** @param {string} text @param {string} name */
function field(text, name) {
  const found = new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text);
  if (found === null) throw new Error(`no ${name}`);
  return Number(found[1]);
}

/** Between the list and the look it may have been closed. @param {number} pid @param {string} fd */
function linkOf(pid, fd) {
  try {
    return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
  } catch {
    return [];
  }
}

/** Samples processes by their names once a second, until it is ended. */
export class Sampler {
  /** @type {Map<string, Sample[]>} */
  samples = new Map();
  #startedMs = performance.now();
  /** @type {Map<string, number>} */
  #pids = new Map();
  #timer = setInterval(() => this.#sample(), 1000);

  /** @param {string} name @param {number | undefined} pid */
  watch(name, pid) {
    if (pid === undefined) throw new Error(`${name} did not start`);
    this.#pids.set(name, pid);
    this.samples.set(name, []);
    this.#startedMs = performance.now();
  }

  end() {
    clearInterval(this.#timer);
  }

  #sample() {
    const atMs = performance.now() - this.#startedMs;
    for (const [name, pid] of this.#pids) {
      const sample = sampleProcess(pid);
      if (sample !== null) this.samples.get(name)?.push({ atMs, ...sample });
    }
  }
}
