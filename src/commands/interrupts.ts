import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { StartedRun } from '../run/run.ts';

export interface Interrupts {
  /** The code to exit with, once a signal has come. */
  readonly exitCode: ExitCode | null;
  /** Signals now end this run in good order. */
  attach(run: StartedRun): void;
  detach(): void;
}

/** For replies that ended before the signal, and are on their way from the measuring thread. */
const LAST_RECORDS_MS = 100;

/**
 * The first SIGINT or SIGTERM ends the run in good order: what was measured is reported. A second one
 * ends the process at once, with the journal on disk.
 * @param onFirst told once the run has been asked to stop
 */
export function listenForInterrupts(onFirst: () => void): Interrupts {
  let run: StartedRun | null = null;
  let exitCode: ExitCode | null = null;
  let leaving = false;

  const onSignal = (signal: NodeJS.Signals): void => {
    const code = signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
    const leave = (): never => {
      run?.flushNow();
      process.exit(code);
    };
    if (run === null || leaving) return leave();
    if (exitCode !== null) {
      leaving = true;
      setTimeout(leave, LAST_RECORDS_MS);
      return;
    }
    exitCode = code;
    run.stop('interrupted', signal);
    onFirst();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    get exitCode() {
      return exitCode;
    },
    attach: (started) => {
      run = started;
    },
    detach: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
