import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Tape } from '../capture/tape.ts';
import { storedSettings, storedTargets, storedTokenizers } from '../config/stored.ts';
import type { DecodedReply } from '../decode/types.ts';
import { usageError } from '../errors.ts';
import { modelKey } from '../load/protocol.ts';
import type { RequestRecord } from '../metrics/types.ts';
import { passesIn, passOf, repeatedRequest } from '../plan/repeat.ts';
import type { PlannedRequest } from '../plan/types.ts';
import { createRedactor } from '../secrets.ts';
import { RUN_FILES } from '../store/folder.ts';
import { readPlan } from '../store/plan-file.ts';
import { readRecords, readTapes, type StoredRun } from '../store/read.ts';
import type { Tokenizer } from '../tokens/tokenizer.ts';
import { takeIn } from './intake.ts';
import { contextsOf } from './measure.ts';
import { reopenTokenizers } from './tokenizers.ts';

/** One request of a stored run, derived again. */
export interface Replayed {
  record: RequestRecord;
  /** What the record comes from; `null` where it stands as it was recorded. */
  from: {
    planned: PlannedRequest;
    tape: Tape;
    reply: DecodedReply;
    tokenizer: Tokenizer | null;
  } | null;
  /** Why it stands as it was: no tape is left, or its body was blanked because of a secret in it. */
  kept: 'no_tape' | 'blanked' | null;
}

/**
 * Every request of a stored run again, in the order of its journal, by the same way from tape to
 * record as in the run itself. A request without a tape keeps the record that it has; a tape whose
 * record was lost with the machine makes one.
 * @throws TokentapeError (exit 2) where the run kept no tapes, or its plan or a tokenizer that it
 *   counted with cannot be read
 */
export async function* replay(run: StoredRun): AsyncGenerator<Replayed> {
  await expectTapes(run);
  const again = await intakeOf(run);
  const tapes = readTapes(run);
  const withoutTape = new Set<string>();
  let tape = await nextOf(tapes);
  for await (const record of readRecords(run)) {
    if (tape?.requestId !== record.request_id) {
      withoutTape.add(record.request_id);
      yield { record, from: null, kept: 'no_tape' };
      continue;
    }
    yield isBlank(tape.body) ? { record, from: null, kept: 'blanked' } : await again(tape);
    tape = await nextOf(tapes);
  }
  for (; tape !== undefined; tape = await nextOf(tapes)) {
    if (withoutTape.has(tape.requestId)) {
      throw usageError(`the tapes of ${run.path} are not in the order of its records`);
    }
    yield await again(tape);
  }
}

async function expectTapes(run: StoredRun): Promise<void> {
  const file = path.join(run.path, RUN_FILES.tapes);
  if ((await stat(file).catch(() => null)) !== null) return;
  const { keepTapes } = storedSettings(run.manifest.config);
  throw usageError(
    keepTapes
      ? `${run.path} has no ${RUN_FILES.tapes}`
      : `${run.path} has no tapes: the run was told not to keep them`,
    'without them a run is what its records say: `tokentape export`',
  );
}

/** From a stored tape to what the run made of it; secrets were taken out when it was written. */
async function intakeOf(run: StoredRun): Promise<(tape: Tape) => Promise<Replayed>> {
  const { config } = run.manifest;
  const plan = await readPlan(run);
  const passes = passesIn([...plan.values()]);
  const contexts = contextsOf({
    targets: storedTargets(config),
    settings: storedSettings(config),
    tokenizers: reopenTokenizers(storedTokenizers(config), process.cwd()),
    redactor: createRedactor([]),
  });
  return async (tape) => {
    const { plannedId, pass } = passOf(tape.requestId);
    const planned = plan.get(plannedId);
    const context = planned && contexts.get(modelKey(planned));
    if (planned === undefined || context === undefined) {
      throw usageError(`${run.path}: a tape is of ${tape.requestId}, which its plan does not know`);
    }
    const request = pass === 0 ? planned : repeatedRequest(planned, pass, passes);
    const taken = await takeIn(request, tape, context);
    const { tape: kept, reply } = taken;
    const from = { planned: request, tape: kept, reply, tokenizer: context.tokenizer ?? null };
    return { record: taken.record, from, kept: null };
  };
}

async function nextOf(tapes: AsyncGenerator<Tape>): Promise<Tape | undefined> {
  const { value, done } = await tapes.next();
  return done ? undefined : value;
}

/** A body of which a secret in pieces left nothing but filler; what it said, only its record knows. */
function isBlank(body: Uint8Array): boolean {
  const filler = '*'.charCodeAt(0);
  return body.length > 0 && body.every((byte) => byte === filler);
}
