import type { Tape } from '../capture/tape.ts';
import type { Model, Target } from '../config/types.ts';
import { outcomeOf } from '../decode/outcome.ts';
import { redactCoded, redactOrNull, withoutBody } from '../decode/redact-tape.ts';
import { decodeTape } from '../decode/reply.ts';
import { textsByPlace } from '../decode/texts-by-place.ts';
import type { DecodedReply } from '../decode/types.ts';
import { recordOf } from '../metrics/record.ts';
import type { RequestRecord } from '../metrics/types.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { Redactor } from '../secrets.ts';
import { type CountedTokens, countTokens } from '../tokens/count.ts';
import type { Tokenizer } from '../tokens/tokenizer.ts';

export interface IntakeContext {
  target: Target;
  model: Model;
  redactor: Redactor;
  keepText: boolean;
  /** Most bytes of a body, decoded. */
  bodyBytes: number;
  /** The model's, where the config names one. */
  tokenizer?: Tokenizer | null;
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
  const { target, model, redactor, keepText, bodyBytes, tokenizer = null } = context;
  const { tape, plain } = await redactCoded(roundInstants(raw), redactor, bodyBytes);
  const decoded = decodeTape(plain, target.dialect);
  const expectsSilence = planned.expect.some(({ type }) => type === 'empty');
  const found = outcomeOf(plain, decoded, { expectsSilence });
  const reply = redactReply(decoded, redactor);
  const outcome = { ...found, message: redactOrNull(found.message, redactor) };
  const counted = tokenizer === null ? null : countOrNull(decoded, tokenizer);
  const { simulated } = target;
  const record = recordOf({
    planned,
    tape: plain,
    reply,
    outcome,
    counted,
    model,
    simulated,
    keepText,
  });
  const revealed =
    reply !== decoded ||
    outcome.message !== found.message ||
    isRevealedAside(plain, reply, redactor);
  return { tape: revealed ? withoutBody(tape) : tape, record: roundFigures(record), reply };
}

/** Whether a choice that nobody reads gives a secret away, piece by piece. */
function isRevealedAside(tape: Tape, { flags }: DecodedReply, redactor: Redactor): boolean {
  if (redactor.longest === 0 || !flags.includes('several_choices')) return false;
  return textsByPlace(tape).some((text) => redactor.text(text) !== text);
}

/** Text that a tokenizer chokes on costs the count, not the run. */
function countOrNull(reply: DecodedReply, tokenizer: Tokenizer): CountedTokens | null {
  try {
    return countTokens(reply, tokenizer);
  } catch {
    return null;
  }
}

/** To the microsecond, before anything is derived: what is kept then gives the same figures again. */
function roundInstants(tape: Tape): Tape {
  const round = (ms: number): number => Math.round(ms * 1000) / 1000;
  const roundOrNull = (ms: number | null): number | null => (ms === null ? null : round(ms));
  return {
    ...tape,
    scheduledMs: round(tape.scheduledMs),
    startedMs: round(tape.startedMs),
    turnDelayMs: roundOrNull(tape.turnDelayMs),
    dnsMs: roundOrNull(tape.dnsMs),
    tcpMs: roundOrNull(tape.tcpMs),
    connectedMs: roundOrNull(tape.connectedMs),
    headersMs: roundOrNull(tape.headersMs),
    end: { ...tape.end, atMs: round(tape.end.atMs) },
    ...(tape.lateMoments && {
      lateMoments: tape.lateMoments.map(([atMs, lateMs]) => [round(atMs), round(lateMs)] as const),
    }),
    arrivalsMs: tape.arrivalsMs.map(round),
  };
}

/** Digits past the sixth decimal are noise of floating point. */
function roundFigures(record: RequestRecord): RequestRecord {
  const figures = record as unknown as Record<string, unknown>;
  for (const name in figures) {
    const value = figures[name];
    if (typeof value === 'number') figures[name] = Math.round(value * 1e6) / 1e6;
  }
  return record;
}

/**
 * A secret that came in pieces, one to an event, or escaped: only the decoded text shows it.
 * @returns the same reply where there was none
 */
function redactReply(decoded: DecodedReply, redactor: Redactor): DecodedReply {
  let changed = false;
  const redact = (text: string): string => {
    const redacted = redactor.text(text);
    changed ||= redacted !== text;
    return redacted;
  };
  const reply = {
    ...decoded,
    answerText: redact(decoded.answerText),
    reasoningText: redact(decoded.reasoningText),
    toolCalls: decoded.toolCalls.map((call) => ({
      ...call,
      name: redact(call.name),
      arguments: redact(call.arguments),
    })),
  };
  return changed ? reply : decoded;
}
