/** The process's exit codes; a contract with scripts and CI. */
export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  invalid: 3,
  inconclusive: 4,
  unavailable: 69,
  cannotWrite: 74,
  gateFailed: 99,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
