import { text as readAll } from 'node:stream/consumers';
import type { DialectName, RequestLimits } from '../config/types.ts';
import { dialectOf } from '../decode/dialect.ts';
import { outcomeOf } from '../decode/outcome.ts';
import { redactTape } from '../decode/redact-tape.ts';
import { decodeTape } from '../decode/reply.ts';
import { SseDecoder } from '../decode/sse.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { ListedTarget } from '../plan/plan.ts';
import { openSender } from '../run/discover.ts';
import { type CommonFlags, readInputs } from '../run/inputs.ts';
import { prepareTargets } from '../run/targets.ts';
import { PieceRedactor } from '../secrets/pieces.ts';
import { redactorOf } from '../secrets.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import type { ChatMessage } from '../suite/types.ts';
import { processOutput } from './output.ts';
import { eventWriter, type ReplyWriter, textWriter } from './reply-writer.ts';

export interface StreamFlags extends Omit<CommonFlags, 'model'> {
  system?: string;
  format: 'text' | 'sse';
  timeout?: string;
  profile?: ProfileName;
}

/** `tokentape stream`: one reply, as it comes, as text or as the marketplace wrapper's events. */
export async function streamCommand(
  model: string,
  given: string | undefined,
  flags: StreamFlags,
): Promise<ExitCode> {
  const output = processOutput();
  const { targets, settings, catalogue } = readInputs({ ...flags, model: [model] });
  const messages = await messagesOf(given, flags.system);
  const simulation = { seed: settings.seed, profile: flags.profile ?? 'default', catalogue };
  const limits = settings.requestLimits;
  const prepared = await prepareTargets(targets.slice(0, 1), [], limits, simulation);
  try {
    const [target] = prepared.targets;
    if (target === undefined) throw usageError(`no target has the model ${model}`);
    if (target.simulated) output.say('SIMULATED: the embedded simulator answers, not a model.');
    const writer = flags.format === 'sse' ? eventWriter(output) : textWriter(output);
    return await streamReply(target, messages, limits, {
      writer,
      isWanted: () => !output.abandoned,
    });
  } finally {
    await prepared.close();
  }
}

/** @throws TokentapeError (exit 2) where there is nothing to say */
async function messagesOf(
  given: string | undefined,
  system: string | undefined,
): Promise<ChatMessage[]> {
  const text = given ?? (process.stdin.isTTY ? '' : await readAll(process.stdin));
  if (text.trim() === '') {
    throw usageError('there is nothing to say to the model', 'tokentape stream MODEL "text"');
  }
  const spoken: ChatMessage = { role: 'user', content: text };
  return system === undefined ? [spoken] : [{ role: 'system', content: system }, spoken];
}

async function streamReply(
  target: ListedTarget,
  messages: ChatMessage[],
  limits: RequestLimits,
  { writer, isWanted }: { writer: ReplyWriter; isWanted: () => boolean },
): Promise<ExitCode> {
  const [model] = target.models;
  if (model === undefined) throw usageError(`target ${target.name} has no model`);
  const sender = await openSender(target, limits);
  const redactor = redactorOf([target]);
  const pieces = new PieceRedactor(redactor, (text) => writer.piece(text));
  const decoder = pieceDecoder(target.dialect, (text) => pieces.push(text));
  const recording = sender.send({
    requestId: 'stream',
    model: model.name,
    messages,
    parameters: model.parameters,
    scheduledAtMs: performance.now(),
    turnDelayMs: null,
    onBytes: (bytes) => {
      if (isWanted()) decoder.push(bytes);
      // What nobody reads need not be paid for.
      else recording.abort('cancelled');
    },
  });
  const tape = redactTape(await recording.finished, redactor);
  await sender.close();
  if (!isWanted()) return EXIT.done;
  pieces.end();
  const outcome = outcomeOf(tape, decodeTape(tape, target.dialect));
  if (outcome.class !== 'ok') writer.failed(outcome.message ?? outcome.class);
  writer.end();
  return outcome.class === 'ok' ? EXIT.done : EXIT.unavailable;
}

/** Answer text as it comes; reasoning in a field of its own is left out, as the seed's example does. */
function pieceDecoder(dialect: DialectName, onPiece: (text: string) => void): SseDecoder {
  const { read } = dialectOf(dialect);
  return new SseDecoder(({ event, data }) => {
    if (event !== 'message' || data === '[DONE]') return;
    try {
      const { content } = read(JSON.parse(data));
      if (content !== '') onPiece(content);
    } catch {
      // The outcome names what was wrong once the reply has ended.
    }
  });
}
