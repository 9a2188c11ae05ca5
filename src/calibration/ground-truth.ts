import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { usageError } from '../errors.ts';
import { environmentWithoutSecrets } from '../secrets/known.ts';
import { threadEntry } from '../thread-entry.ts';
import type { SenderStats } from './lateness.ts';
import type { SenderStart } from './process.ts';
import type { SenderOptions } from './sender.ts';

/** A ground truth that runs in a process of its own. */
export interface GroundTruth {
  /** Base URL, as `http://127.0.0.1:40001/v1`. */
  url: string;
  pid: number;
  /** What it did, and how late it was; with `reset` it forgets that. */
  stats(options?: { reset?: boolean }): Promise<SenderStats>;
  close(): Promise<void>;
}

/**
 * Starts a ground truth: an OpenAI-compatible server on loopback that streams by a schedule and
 * writes its own send instant into each chunk. `stampingError` tells from the tapes of a client
 * how wrong that client's stamps are.
 * @throws TokentapeError where it cannot start
 */
export async function startGroundTruth(options: SenderOptions = {}): Promise<GroundTruth> {
  const entry = fileURLToPath(threadEntry('calibration/process.js'));
  const child = fork(entry, [JSON.stringify(options)], {
    execArgv: [],
    // Its streams would otherwise be cut by whatever the caller runs under.
    env: { ...environmentWithoutSecrets(process.env), NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const first = await Promise.race([once(child, 'message'), exited]);
  const started = first[0] as SenderStart | number | null;
  if (typeof started !== 'object' || started === null) {
    throw new Error(`the ground truth's process ended at once (${started})`);
  }
  if ('problem' in started) {
    child.kill();
    await exited;
    throw usageError(started.problem, started.remedy);
  }
  // The caller may end without closing it: the channel closes with the caller, and it ends too.
  child.unref();
  child.channel?.unref();
  return {
    url: started.url,
    pid: child.pid as number,
    stats: async ({ reset = false } = {}) => {
      const answer = await fetch(`${started.url}/stats${reset ? '?reset' : ''}`);
      return (await answer.json()) as SenderStats;
    },
    close: async () => {
      child.ref();
      child.kill('SIGKILL');
      await exited;
    },
  };
}
