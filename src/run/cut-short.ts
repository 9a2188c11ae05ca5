import { errorCode, messageOf, TokentapeError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { counted } from '../report/numbers.ts';

/** A run that broke by a fault of our own; what it had measured is on disk. */
export class RunBroke extends Error {
  override readonly name = 'RunBroke';
  /** Where the partial results are, and what can be done with them. */
  readonly whatIsSafe: string;

  constructor(cause: unknown, whatIsSafe: string) {
    super(messageOf(cause), { cause });
    this.whatIsSafe = whatIsSafe;
  }
}

const REMEDIES: Record<string, string> = {
  ENOSPC: 'make room on the disk',
  EDQUOT: 'make room within the quota',
  EFBIG: 'raise the limit of the size of files (ulimit -f)',
  EROFS: 'make the file system writable again',
  EACCES: 'make the folder writable again',
  ENOENT: 'put the folder back',
  ENOTDIR: 'put the folder back',
  EIO: 'see to the disk',
};

/** What kept a run from beginning, told with that: nothing was sent. */
export function notBegun(error: unknown): unknown {
  if (!(error instanceof TokentapeError) || error.exitCode !== EXIT.cannotWrite) return error;
  const code = errorCode(error.cause) ?? '';
  return new TokentapeError(`${error.message}\n  nothing was sent`, {
    exitCode: error.exitCode,
    remedy:
      error.remedy ?? `${REMEDIES[code] ?? 'mend it'}, or choose another folder with --output DIR`,
    cause: error.cause,
  });
}

/**
 * What ended a run before its plan did, told with what is safe and what to do.
 * @param records how many were written
 */
export function cutShort(error: unknown, folder: string, records: number): Error {
  const kept = counted(records, 'record');
  const goOn = `tokentape run --resume ${folder}`;
  if (!(error instanceof TokentapeError)) {
    return new RunBroke(error, `${kept} of this run are in ${folder}; to go on: ${goOn}`);
  }
  if (error.exitCode !== EXIT.cannotWrite) return error;
  const code = errorCode(error.cause) ?? '';
  const isGone = code === 'ENOENT' || code === 'ENOTDIR';
  const where = isGone
    ? `${kept} went into ${folder}, wherever it is now`
    : `${kept} are safe in ${folder}`;
  const first = REMEDIES[code] ?? error.remedy ?? 'mend what is wrong';
  return new TokentapeError(`${error.message}\n  nothing more is sent; ${where}`, {
    exitCode: error.exitCode,
    remedy: `${first}, then go on: ${goOn}`,
    cause: error.cause,
  });
}
