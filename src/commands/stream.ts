import { text as readAll } from 'node:stream/consumers';
import type { DialectName, RequestLimits } from '../config/types.ts';
import { dialectOf } from '../decode/dialect.ts';
import { outcomeOf } from '../decode/outcome.ts';
import { decodeTape } from '../decode/reply.ts';
import { SseDecoder } from '../decode/sse.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { ListedTarget } from '../plan/plan.ts';
import { neutralisePiece } from '../report/text.ts';
import { openSender } from '../run/discover.ts';
import { prepareTargets } from '../run/targets.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import type { ChatMessage } from '../suite/types.ts';
import { type CommonFlags, readInputs } from './inputs.ts';
import { type Output, processOutput } from './output.ts';

export interface StreamFlags extends CommonFlags {
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
  const text = given ?? (process.stdin.isTTY ? undefined : await readAll(process.stdin));
  if (text === undefined || text.trim() === '') {
    throw usageError('there is nothing to say to the model', 'tokentape stream MODEL "text"');
  }
  const messages: ChatMessage[] = [{ role: 'user', content: text }];
  if (flags.system !== undefined) messages.unshift({ role: 'system', content: flags.system });

  const simulation = { seed: settings.seed, profile: flags.profile ?? 'default', catalogue };
  const prepared = await prepareTargets(
    targets.slice(0, 1),
    [],
    settings.requestLimits,
    simulation,
  );
  try {
    const [target] = prepared.targets;
    if (target === undefined) throw usageError(`no target has the model ${model}`);
    if (target.simulated) output.say('SIMULATED: the embedded simulator answers, not a model.');
    return await streamReply(
      target,
      messages,
      settings.requestLimits,
      writerOf(flags.format, output),
    );
  } finally {
    await prepared.close();
  }
}

interface ReplyWriter {
  piece(text: string): void;
  failed(message: string): void;
  end(): void;
}

async function streamReply(
  target: ListedTarget,
  messages: ChatMessage[],
  limits: RequestLimits,
  writer: ReplyWriter,
): Promise<ExitCode> {
  const [model] = target.models;
  if (model === undefined) throw usageError(`target ${target.name} has no model`);
  const sender = await openSender(target, limits);
  const decoder = pieceDecoder(target.dialect, writer);
  const tape = await sender.send({
    requestId: 'stream',
    model: model.name,
    messages,
    parameters: model.parameters,
    scheduledAtMs: performance.now(),
    turnDelayMs: null,
    onBytes: (bytes) => decoder.push(bytes),
  }).finished;
  await sender.close();
  const outcome = outcomeOf(tape, decodeTape(tape, target.dialect), { expectsSilence: true });
  if (outcome.class !== 'ok') writer.failed(outcome.message ?? outcome.class);
  writer.end();
  return outcome.class === 'ok' ? EXIT.done : EXIT.unavailable;
}

/** Answer text as it comes; reasoning in a field of its own is left out, as the seed's example does. */
function pieceDecoder(dialect: DialectName, writer: ReplyWriter): SseDecoder {
  const { read } = dialectOf(dialect);
  return new SseDecoder(({ event, data }) => {
    if (event !== 'message' || data === '[DONE]') return;
    try {
      const { content } = read(JSON.parse(data));
      if (content !== '') writer.piece(content);
    } catch {
      // The outcome names what was wrong once the reply has ended.
    }
  });
}

function writerOf(format: StreamFlags['format'], output: Output): ReplyWriter {
  if (format === 'sse') {
    return {
      piece: (content) => output.write(`data: ${pythonJson({ content })}\n\n`),
      failed: (error) => output.write(`data: ${pythonJson({ error })}\n\n`),
      end: () => output.write('data: [DONE]\n\n'),
    };
  }
  return {
    piece: (content) => output.write(process.stdout.isTTY ? neutralisePiece(content) : content),
    failed: (message) => output.say(`\ntokentape: ${neutralisePiece(message)}`),
    end: () => output.write('\n'),
  };
}

/** JSON as Python's `json.dumps` writes it: a blank after the colon, ASCII only. */
function pythonJson(value: Record<string, string>): string {
  const [entry] = Object.entries(value);
  if (entry === undefined) return '{}';
  const escaped = entry.map((text) =>
    JSON.stringify(text).replace(
      /[\u007f-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
  return `{${escaped.join(': ')}}`;
}
