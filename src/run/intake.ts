import type { Tape } from '../capture/tape.ts';
import type { Model, Target } from '../config/types.ts';
import { inflateTape } from '../decode/inflate.ts';
import { outcomeOf } from '../decode/outcome.ts';
import { decodeTape } from '../decode/reply.ts';
import type { DecodedReply } from '../decode/types.ts';
import { recordOf } from '../metrics/record.ts';
import type { RequestRecord } from '../metrics/types.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { Redactor } from '../secrets.ts';

export interface IntakeContext {
  target: Target;
  model: Model;
  redactor: Redactor;
  keepText: boolean;
}

export interface TakenTape {
  /** With its secrets redacted. */
  tape: Tape;
  record: RequestRecord;
  reply: DecodedReply;
}

/** From a tape to its record: all that is derived of one request, in one place. */
export async function takeIn(
  planned: PlannedRequest,
  raw: Tape,
  context: IntakeContext,
): Promise<TakenTape> {
  const { target, model, redactor, keepText } = context;
  const tape = redactTape(raw, redactor);
  const plain = tape.headers['content-encoding'] === undefined ? tape : await inflateTape(tape);
  const reply = decodeTape(plain, target.dialect);
  const expectsSilence = planned.expect.some(({ type }) => type === 'empty');
  const outcome = outcomeOf(plain, reply, { expectsSilence });
  const record = recordOf({
    planned,
    tape: plain,
    reply,
    outcome,
    model,
    simulated: target.simulated,
    keepText,
  });
  return { tape, record, reply };
}

function redactTape(tape: Tape, redactor: Redactor): Tape {
  redactor.bytes(tape.body);
  const headers = Object.fromEntries(
    Object.entries(tape.headers).map(([name, value]) => [name, redactor.text(value)]),
  );
  const message = tape.end.message === null ? null : redactor.text(tape.end.message);
  return { ...tape, headers, end: { ...tape.end, message } };
}
