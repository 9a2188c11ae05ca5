import { progressLine, progressTable } from '../report/progress.ts';
import type { StartedRun } from '../run/run.ts';
import { colourWanted } from './output.ts';

const REDRAW_EVERY_MS = 250;
const LINE_EVERY_MS = 5_000;

export interface ProgressDisplay {
  begin(run: StartedRun): void;
  end(): void;
}

/** Progress on stderr: a live table on a terminal, a plain line every few seconds elsewhere. */
export function drawProgress(quiet: boolean): ProgressDisplay {
  if (quiet) return { begin: () => {}, end: () => {} };
  return process.stderr.isTTY ? liveDisplay(process.stderr) : lineDisplay(process.stderr);
}

function lineDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  let timer: NodeJS.Timeout | undefined;
  return {
    begin: ({ progress }) => {
      const print = (): void => {
        stream.write(`${progressLine(progress.snapshot())}\n`);
      };
      timer = setInterval(print, LINE_EVERY_MS);
    },
    end: () => clearInterval(timer),
  };
}

function liveDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  let timer: NodeJS.Timeout | undefined;
  let drawnLines = 0;
  const erase = (): void => {
    if (drawnLines > 0) stream.write(`\x1b[${drawnLines}A\x1b[0J`);
    drawnLines = 0;
  };
  return {
    begin: ({ progress }) => {
      const draw = (): void => {
        const lines = progressTable(progress.snapshot(), {
          columns: stream.columns ?? 80,
          rows: stream.rows ?? 24,
          colour: colourWanted(stream),
        });
        erase();
        stream.write(`${lines.join('\n')}\n`);
        drawnLines = lines.length;
      };
      draw();
      timer = setInterval(draw, REDRAW_EVERY_MS);
    },
    end: () => {
      clearInterval(timer);
      erase();
    },
  };
}
