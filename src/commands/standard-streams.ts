import { fstatSync, writeSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';

const STDOUT_FD = 1;
/** The reader went away (`| head`), or the terminal did: no failure of ours, and no one is left to tell. */
const GONE: readonly (string | undefined)[] = ['EPIPE', 'ENXIO', 'EBADF', 'ENOTCONN'];

let failure: Error | null = null;

/**
 * Keeps what happens to stdout and stderr from ending the process: what has been measured is still
 * judged and written. Data that did not fit where stdout goes to (`> file` on a full disk) make an
 * exit code of 0 into 74.
 */
export function guardStandardStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const gone = GONE.includes(error.code) || (error.code === 'EIO' && process.stdout.isTTY);
    if (!gone) failure ??= error;
  });
  process.stderr.on('error', () => {});
  process.on('exit', (code) => {
    if (failure === null) return;
    process.stderr.write(`tokentape: cannot write to stdout: ${messageOf(failure)}\n`);
    if (code === EXIT.done) process.exitCode = EXIT.cannotWrite;
  });
}

/** Where stdout is a file, Node's own stream takes a write that was cut off by a full disk for a whole one. */
export function writeToStdout(text: string): void {
  if (!isFile(STDOUT_FD)) {
    process.stdout.write(text);
    return;
  }
  try {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(STDOUT_FD, bytes, written, bytes.length - written);
    }
  } catch (error) {
    failure ??= error as Error;
  }
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
