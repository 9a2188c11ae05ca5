import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, TokentapeError } from '../errors.ts';
import type { SimulatorOptions } from './options.ts';
import { startSimulator } from './server.ts';

/** What the thread tells once: its address, or why there is none. */
export type ThreadStart = { url: string } | { problem: string; remedy: string | undefined };

/** Entry of the simulator's own thread; it closes when told anything, and the thread ends. */
async function serve(): Promise<ThreadStart> {
  try {
    const simulator = await startSimulator(workerData as SimulatorOptions);
    parentPort?.once('message', () => {
      void simulator.close();
    });
    return { url: simulator.url };
  } catch (error) {
    const remedy = error instanceof TokentapeError ? error.remedy : undefined;
    return { problem: messageOf(error), remedy };
  }
}

parentPort?.postMessage(await serve());
