import { progressLine, progressTable } from '../report/progress.ts';
import type { StartedRun } from '../run/run.ts';
import { colourWanted, screenFor } from './output.ts';

const REDRAW_EVERY_MS = 250;
const LINE_EVERY_MS = 5_000;

export interface ProgressDisplay {
  begin(run: StartedRun): void;
  end(): void;
}

/**
 * Progress on stderr: a live table on a terminal, a plain line every few seconds elsewhere.
 * @param options.live false for plain lines in any case, where other lines come between
 */
export function drawProgress({ quiet, live }: { quiet: boolean; live: boolean }): ProgressDisplay {
  if (quiet) return { begin: () => {}, end: () => {} };
  const drawn = live && isDrawable(process.stderr);
  return drawn ? liveDisplay(process.stderr) : lineDisplay(process.stderr);
}

/** A terminal with a cursor, and nobody who asked for plain lines. */
function isDrawable(stream: NodeJS.WriteStream): boolean {
  const { CI, NO_COLOR, TERM } = process.env;
  return stream.isTTY === true && !CI && !NO_COLOR && TERM !== 'dumb';
}

function lineDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  const screen = screenFor(stream);
  let timer: NodeJS.Timeout | undefined;
  return {
    begin: ({ progress }) => {
      const print = (): void => {
        stream.write(screen.pass(`${progressLine(progress.snapshot())}\n`));
      };
      timer = setInterval(print, LINE_EVERY_MS);
    },
    end: () => clearInterval(timer),
  };
}

function liveDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  const screen = screenFor(stream);
  let timer: NodeJS.Timeout | undefined;
  let drawnLines = 0;
  const erase = (): void => {
    // The terminal's echo of ^C may have moved the cursor to the right.
    if (drawnLines > 0) stream.write(`\r\x1b[${drawnLines}A\x1b[0J`);
    drawnLines = 0;
  };
  return {
    begin: ({ progress }) => {
      const draw = (): void => {
        const lines = progressTable(progress.snapshot(), {
          columns: stream.columns || 80,
          rows: stream.rows || 24,
          colour: colourWanted(stream),
        });
        erase();
        stream.write(screen.pass(`${lines.join('\n')}\n`));
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
