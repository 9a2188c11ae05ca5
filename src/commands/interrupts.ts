import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { StartedRun } from '../run/run.ts';
import type { Output } from './output.ts';

export interface Interrupts {
  /** The code to exit with, once a signal has come. */
  readonly exitCode: ExitCode | null;
  /** Signals now end this run in good order. */
  attach(run: StartedRun): void;
  detach(): void;
}

/**
 * The first SIGINT or SIGTERM ends the run in good order: what was measured is reported. A second one
 * ends the process at once, with the journal on disk.
 */
export function listenForInterrupts(output: Output): Interrupts {
  let run: StartedRun | null = null;
  let exitCode: ExitCode | null = null;

  const onSignal = (signal: NodeJS.Signals): void => {
    const code = signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
    if (exitCode !== null || run === null) {
      run?.flushNow();
      process.exit(code);
    }
    exitCode = code;
    run.stop('interrupted', signal);
    output.say('\nStopping: writing what was measured. Press Ctrl-C again to leave at once.');
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
