import { createHash } from 'node:crypto';

/** The run's nonce, from its id: short, and different for every run of a results folder. */
export function nonceOf(runId: string): string {
  return createHash('sha256').update(runId).digest('hex').slice(0, 8);
}
