import { EXIT, type ExitCode } from './exit-codes.ts';

/**
 * A mistake that the person at the keyboard can mend: bad input, an unwritable folder, a wrong key.
 * The message says what is wrong and where; `remedy` says how to mend it. Anything else that is
 * thrown is a bug and keeps its stack.
 */
export class TokentapeError extends Error {
  override readonly name = 'TokentapeError';
  readonly exitCode: ExitCode;
  readonly remedy: string | undefined;

  constructor(
    message: string,
    options: { exitCode: ExitCode; remedy?: string | undefined; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode;
    this.remedy = options.remedy;
  }
}

/** Wrong usage or configuration: exit 2. */
export function usageError(message: string, remedy?: string): TokentapeError {
  return new TokentapeError(message, { exitCode: EXIT.usage, remedy });
}

/** Results could not be written: exit 74. */
export function writeError(message: string, remedy?: string, cause?: unknown): TokentapeError {
  return new TokentapeError(message, { exitCode: EXIT.cannotWrite, remedy, cause });
}

/** The `code` of a system error (`ENOENT`, `ECONNREFUSED`), where there is one. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
