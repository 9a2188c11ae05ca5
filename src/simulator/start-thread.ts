import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { usageError } from '../errors.ts';
import { threadEntry } from '../thread-entry.ts';
import type { SimulatorOptions } from './options.ts';
import type { ThreadStart } from './thread.ts';

/**
 * Starts the embedded marketplace in a thread of its own, so that it takes no time from the caller.
 * The thread keeps the process alive until it is closed.
 * @throws what `startSimulator` throws
 */
export async function startSimulatorThread(
  options: SimulatorOptions = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const worker = new Worker(threadEntry('simulator/thread.js'), { workerData: options });
  const [started] = (await once(worker, 'message')) as [ThreadStart];
  // Errors lose their class on the way between threads.
  if ('problem' in started) throw usageError(started.problem, started.remedy);
  return {
    url: started.url,
    close: async () => {
      const exited = once(worker, 'exit');
      worker.postMessage('close');
      await exited;
    },
  };
}
