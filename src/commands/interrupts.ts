import { writeSync } from 'node:fs';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { cutShort } from '../run/cut-short.ts';
import type { StartedRun } from '../run/run.ts';
import { bugMessage } from './bug-message.ts';
import { screenFor } from './output.ts';

export interface Interrupts {
  /** The code to exit with, once a signal has come. */
  readonly exitCode: ExitCode | null;
  /** Signals now end this run in good order. */
  attach(run: StartedRun): void;
  detach(): void;
}

/** For replies that ended before the signal, and are on their way from the measuring thread. */
const LAST_RECORDS_MS = 100;
/** `npm run` passes on the Ctrl-C that the terminal has sent us already; nobody presses it so fast. */
const ECHO_MS = 100;

const EXIT_CODES = {
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  SIGHUP: EXIT.hungUp,
} as const;
type Heeded = keyof typeof EXIT_CODES;

/**
 * The first SIGINT, SIGTERM or SIGHUP ends the run in good order: what was measured is reported. A
 * second one ends the process at once, with the journal on disk; but not SIGHUP, which kernel, shell
 * and service manager each send when a terminal goes away. A fault of our own that nothing catches
 * ends it at once too.
 * @param onFirst told once the run has been asked to stop
 * @param onLeaving told before the process ends without more ado
 */
export function listenForInterrupts(onFirst: () => void, onLeaving: () => void): Interrupts {
  let run: StartedRun | null = null;
  let exitCode: ExitCode | null = null;
  let firstAtMs = 0;
  let leaving = false;

  const onSignal = (signal: NodeJS.Signals): void => {
    const code = EXIT_CODES[signal as Heeded];
    const leave = (): never => {
      onLeaving();
      run?.flushNow();
      process.exit(exitCode ?? code);
    };
    if (exitCode !== null && signal === 'SIGHUP') return;
    if (run === null || leaving) return leave();
    if (exitCode !== null) {
      if (performance.now() - firstAtMs < ECHO_MS) return;
      exitCode = code;
      leaving = true;
      setTimeout(leave, LAST_RECORDS_MS);
      return;
    }
    exitCode = code;
    firstAtMs = performance.now();
    run.stop('interrupted', signal);
    onFirst();
  };
  const onBug = (error: unknown): void => {
    onLeaving();
    run?.flushNow();
    const told = run === null ? error : cutShort(error, run, run.records);
    sayLast(bugMessage(told));
    process.exit(EXIT.unexpected);
  };
  const signals = Object.keys(EXIT_CODES) as Heeded[];
  for (const signal of signals) process.on(signal, onSignal);
  process.on('uncaughtException', onBug);
  return {
    get exitCode() {
      return exitCode;
    },
    attach: (started) => {
      run = started;
    },
    detach: () => {
      for (const signal of signals) process.off(signal, onSignal);
      process.off('uncaughtException', onBug);
    },
  };
}

/** The stream itself may be what broke. */
function sayLast(text: string): void {
  try {
    writeSync(process.stderr.fd, screenFor(process.stderr).pass(text));
  } catch {
    // Nobody is there to be told.
  }
}
