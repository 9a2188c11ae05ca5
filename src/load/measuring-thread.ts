import { Worker } from 'node:worker_threads';
import { threadEntry } from '../thread-entry.ts';
import type { Command, MeasureJob, Report } from './protocol.ts';

/** The measuring thread, seen from the main thread. It does one job after another. */
export class MeasuringThread {
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  /** Commands that came before the job did; a stop must not be lost while modules load. */
  #early: Command[] | null = [];
  #onReport: (report: Report) => void = () => {};
  #onFailure: (error: Error) => void = (error) => {
    this.#failure = error;
  };
  /** What killed it while it had no job. */
  #failure: Error | null = null;

  /** Starts loading at once; give it the job when there is one. */
  constructor() {
    this.#worker = new Worker(threadEntry('load/worker.js'));
    this.#ready = new Promise((resolve, reject) => {
      this.#worker.once('error', reject);
      this.#worker.once('exit', () => reject(new Error('the measuring thread never began')));
      this.#worker.once('message', () => resolve());
    });
    // Whoever calls `begin` hears of it; a thread that is never used may fail in silence.
    this.#ready.catch(() => {});
    this.#worker.on('message', (reports: Report[]) => {
      for (const report of reports) this.#onReport(report);
    });
    this.#worker.on('error', (error) => this.#onFailure(error));
    this.#worker.on('exit', () => this.#onFailure(new Error('the measuring thread ended early')));
  }

  /** Gives it a job; the one before has to be finished. */
  async begin(
    job: MeasureJob,
    onReport: (report: Report) => void,
    onFailure: (error: Error) => void,
  ): Promise<void> {
    // Until the job is there, its commands wait, so that none goes to the job before.
    this.#early ??= [];
    await this.#ready;
    if (this.#failure !== null) throw this.#failure;
    this.#onReport = onReport;
    this.#onFailure = onFailure;
    const commands: Command[] = [{ type: 'job', job }, ...(this.#early ?? [])];
    this.#early = null;
    this.#post(commands);
  }

  tell(command: Command): void {
    if (this.#early === null) this.#post([command]);
    else this.#early.push(command);
  }

  /** In one message: what came before the job is obeyed before anything of it is sent. */
  #post(commands: readonly Command[]): void {
    this.#worker.postMessage(commands);
  }

  async end(): Promise<void> {
    this.#onFailure = () => {};
    await this.#worker.terminate();
  }
}
