import type { Recording } from '../capture/recording.ts';
import { Sender } from '../capture/sender.ts';
import type { Tape } from '../capture/tape.ts';
import type { RequestLimits, Target } from '../config/types.ts';
import { dialectOf } from '../decode/dialect.ts';
import { outcomeOf } from '../decode/outcome.ts';
import { redactTape } from '../decode/redact-tape.ts';
import { decodeTape } from '../decode/reply.ts';
import type { Outcome } from '../decode/types.ts';
import { isRefusal } from '../load/model-gate.ts';
import { redactorOf } from '../secrets.ts';
import { readAuthority } from './authority.ts';

/** A sender for a few requests outside a measurement, in the thread that asks. */
export async function openSender(target: Target, limits: RequestLimits): Promise<Sender> {
  return new Sender({
    target,
    ca: await readAuthority(target),
    limits,
    carriesToken: dialectOf(target.dialect).carriesToken,
    runOriginNs: process.hrtime.bigint(),
  });
}

/** What `GET /models` says: names, or why there are none to be had. */
export type Listing = { models: string[] } | { problem: string };

/** More are no list of what a key opens: each would be sent the whole suite. */
const LISTED_MAX = 2000;

export async function listModels(sender: Sender, target: Target): Promise<Listing> {
  const tape = await redacted(sender.listModels('models'), target);
  const text = Buffer.from(tape.body).toString('utf8');
  if (tape.status === 200) {
    try {
      const { data } = JSON.parse(text) as { data: { id: string }[] };
      if (data.length > LISTED_MAX) return { problem: `it lists over ${LISTED_MAX} models` };
      return { models: data.map(({ id }) => id).filter((id) => typeof id === 'string') };
    } catch {
      return { problem: 'it answered with something that is no list of models' };
    }
  }
  const outcome = outcomeOf(tape, decodeTape(tape, 'openai'));
  return { problem: outcome.message ?? `it answered ${tape.status}` };
}

export interface Probe {
  outcome: Outcome;
  /** The answer means that this key does not open this model. */
  refused: boolean;
  status: number | null;
  elapsedMs: number;
}

/** Asks a model for one token: the only sure way to know whether the key opens it. */
export async function probeModel(sender: Sender, target: Target, model: string): Promise<Probe> {
  const recording = sender.send({
    requestId: `probe/${model}`,
    model,
    messages: [{ role: 'user', content: 'Hi' }],
    parameters: { max_tokens: 1 },
    scheduledAtMs: performance.now(),
    turnDelayMs: null,
  });
  const tape = await redacted(recording, target);
  const outcome = outcomeOf(tape, decodeTape(tape, target.dialect), { expectsSilence: true });
  const refused = isRefusal(tape.status, tape.body);
  return { outcome, refused, status: tape.status, elapsedMs: tape.end.atMs };
}

/** What a server says is shown to a person, and it may repeat the key. */
async function redacted(recording: Recording, target: Target): Promise<Tape> {
  return redactTape(await recording.finished, redactorOf([target]));
}
