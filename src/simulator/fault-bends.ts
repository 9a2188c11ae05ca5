import type { DialectWriter, TokenCounts } from './dialects.ts';
import type { AnsweringFault } from './fault-answers.ts';
import type { FaultName, FaultParameters } from './faults.ts';
import { type Part, part, type ReplyPlan } from './reply-plan.ts';

/** What a bend may write new events with. */
interface BendContext {
  dialect: DialectWriter;
  counts: TokenCounts;
}

type Bend = (plan: ReplyPlan, parameters: FaultParameters, context: BendContext) => ReplyPlan;

/** Longer than any client waits. */
const VERY_LONG_MS = 600_000;
/** Long enough for a client to have read what came before a reset. */
const BEFORE_RESET_MS = 10;
const FAILURE = 'Simulated: the model failed';

/** An event that the model did not make, sent as soon as its turn comes. */
const extra = (text: string | Buffer, pauseMs = 0): Part => ({
  ...part('other', 0, text),
  pauseMs,
});

/** Where in the parts so many text chunks are over; half of them where not given. */
function indexAfter(plan: ReplyPlan, after: number | undefined): number {
  const texts = plan.parts.flatMap(({ kind }, index) => (kind === 'text' ? [index] : []));
  const wanted = after ?? Math.ceil(texts.length / 2);
  return wanted === 0 ? (texts[0] ?? 0) : (texts[wanted - 1] ?? texts.at(-1) ?? -1) + 1;
}

/** The reply up to there, followed by `tail` and nothing else. */
function cutAfter(plan: ReplyPlan, after: number | undefined, tail: Part[] = []): ReplyPlan {
  return { ...plan, parts: [...plan.parts.slice(0, indexAfter(plan, after)), ...tail] };
}

function insertAt(plan: ReplyPlan, index: number, added: Part[]): ReplyPlan {
  const parts = [...plan.parts.slice(0, index), ...added, ...plan.parts.slice(index)];
  return { ...plan, parts };
}

/** Before all that waits for the engine; an empty part first, so that the headers go out. */
function prelude(plan: ReplyPlan, added: Part[]): ReplyPlan {
  const waiting = plan.parts.findIndex(({ afterTokens }) => afterTokens > 0);
  const withHeaders = insertAt(plan, waiting === -1 ? plan.parts.length : waiting, added);
  return insertAt(withHeaders, 0, [extra('')]);
}

function mapParts(plan: ReplyPlan, change: (part: Part, index: number) => Part): ReplyPlan {
  return { ...plan, parts: plan.parts.map(change) };
}

/** Bytes seen as Latin-1, so that a pattern can replace any of them. */
function replaceBytes(bytes: Buffer, pattern: RegExp, replacement: string): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(pattern, replacement), 'latin1');
}

/** Rewrites the text of the chunk in the middle, or of the first one. */
function rewriteText(
  plan: ReplyPlan,
  { dialect }: BendContext,
  rewrite: (text: string) => string,
): ReplyPlan {
  const first = plan.parts.findIndex(({ kind }) => kind === 'text');
  return mapParts(plan, (old, index) =>
    index === first && old.chunk
      ? { ...old, bytes: Buffer.from(dialect.text(old.chunk.kind, rewrite(old.chunk.text), null)) }
      : old,
  );
}

const done = (plan: ReplyPlan, write: (old: Part) => Part): ReplyPlan =>
  mapParts(plan, (old) => (old.kind === 'done' ? write(old) : old));

const doneBytes = (plan: ReplyPlan, text: string): ReplyPlan =>
  done(plan, (old) => ({ ...old, bytes: Buffer.from(text) }));

const crlf = (plan: ReplyPlan): ReplyPlan =>
  mapParts(plan, (old) => ({ ...old, bytes: replaceBytes(old.bytes, /\n/g, '\r\n') }));

const ended = (plan: ReplyPlan, ending: ReplyPlan['ending']): ReplyPlan => ({ ...plan, ending });

const errorTail = ({ dialect }: BendContext, { done: withDone = 0 }: FaultParameters): Part[] => [
  extra(dialect.error(FAILURE, 500)),
  ...(withDone > 0 ? [extra(dialect.done())] : []),
];

function withoutOpeningThink(plan: ReplyPlan, { dialect }: BendContext): ReplyPlan {
  let left = '<think>\n';
  return mapParts(plan, (old) => {
    const text = old.chunk?.text ?? '';
    if (!old.chunk || left === '' || !(text.startsWith(left) || left.startsWith(text))) return old;
    const kept = text.slice(left.length);
    left = left.slice(text.length);
    return { ...old, bytes: Buffer.from(dialect.text('content', kept, null)) };
  });
}

function wrongUsage(
  plan: ReplyPlan,
  { factor }: FaultParameters,
  { dialect, counts }: BendContext,
): ReplyPlan {
  const wrong =
    factor === undefined
      ? { ...counts, completionTokens: 0, reasoningTokens: 381 }
      : { ...counts, completionTokens: Math.round(counts.completionTokens * factor) };
  return mapParts(plan, (old) =>
    old.kind === 'usage' ? { ...old, bytes: Buffer.from(dialect.usage(wrong)) } : old,
  );
}

const NULL_CHOICES = [
  'data: {"object":"chat.completion.chunk","choices":null}\n\n',
  'data: {"object":"chat.completion.chunk"}\n\n',
  'data: {"object":"chat.completion.chunk","choices":[]}\n\n',
  'data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":null,"finish_reason":null}]}\n\n',
].join('');

/** Faults that let the model answer and then spoil the reply. */
export const BENDING_FAULTS: Record<Exclude<FaultName, AnsweringFault>, Bend> = {
  reset_mid_stream: (plan, { after }) =>
    ended(cutAfter(plan, after, [extra('', BEFORE_RESET_MS)]), 'reset'),
  truncated: (plan, { after }) => cutAfter(plan, after),
  truncated_json: (plan, { after }) => {
    const kept = cutAfter(plan, after);
    const last = kept.parts.length - 1;
    return mapParts(kept, (old, index) =>
      index === last ? { ...old, bytes: old.bytes.subarray(0, old.bytes.length >> 1) } : old,
    );
  },
  truncated_chunked: (plan, { after }) => ended(cutAfter(plan, after), 'cut'),
  truncated_length: (plan, { after }) => {
    const sentBytes = plan.parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const headers = { ...plan.headers, 'content-length': String(sentBytes) };
    return ended({ ...cutAfter(plan, after), headers }, 'cut');
  },
  finish_no_done: (plan) => ({ ...plan, parts: plan.parts.filter(({ kind }) => kind !== 'done') }),
  slow_headers: (plan, { ms = VERY_LONG_MS }) => ({ ...plan, headersDelayMs: ms }),
  slow_first_token: (plan, { ms = VERY_LONG_MS }) => prelude(plan, [extra('', ms)]),
  stall: (plan, { after, ms = VERY_LONG_MS }) =>
    insertAt(plan, indexAfter(plan, after), [extra('', ms)]),
  infinite: (plan, { ms = 5 }, { dialect }) => ({
    ...plan,
    parts: plan.parts.filter(({ kind }) => kind === 'role' || kind === 'text'),
    forever: { bytes: Buffer.from(dialect.text('content', ' and so on,', null)), everyMs: ms },
  }),
  huge_line: (plan, { bytes = 9 * 2 ** 20 }) =>
    cutAfter(plan, 1, [extra(Buffer.concat([Buffer.from('data: '), Buffer.alloc(bytes, 'x')]))]),
  stream_error_before: (plan, parameters, context) =>
    cutAfter(plan, 0, errorTail(context, parameters)),
  stream_error_after: (plan, parameters, context) =>
    cutAfter(plan, parameters.after, errorTail(context, parameters)),
  flat_error: (plan, { after }, { dialect }) => {
    const flat = { object: 'error', message: FAILURE, type: 'InternalServerError', code: 500 };
    const event = `data: ${JSON.stringify(flat)}\n\n`;
    return cutAfter(plan, after, [extra(event), extra(dialect.done())]);
  },
  malformed_json: (plan, { after }) =>
    insertAt(plan, indexAfter(plan, after), [extra('data: {"choices":[{"delta":{"con\n\n')]),
  invalid_utf8: (plan, _, context) =>
    // A private-use character marks the place, whether the dialect writes it raw or escaped.
    mapParts(
      rewriteText(plan, context, (text) => `${text}\ue000`),
      (old) => ({
        ...old,
        bytes: replaceBytes(old.bytes, /\u00ee\u0080\u0080|\\ue000/, '\u00ff\u00c3'),
      }),
    ),
  split_bytes: (plan, _, context) => ({
    ...crlf(rewriteText(plan, context, (text) => `é漢🙂${text}`)),
    writes: 'bytewise',
  }),
  u2028: (plan, _, context) => rewriteText(plan, context, (text) => `\u2028\u0085${text}`),
  crlf,
  duplicate_done: (plan) => doneBytes(plan, 'data: [DONE]\n\ndata: [DONE]\n\n'),
  events_after_done: (plan, _, { dialect }) =>
    doneBytes(plan, dialect.done() + dialect.text('content', 'late', null)),
  fake_done: (plan) => doneBytes(plan, 'data: [DONE] x\n\n'),
  done_without_blank_line: (plan) => doneBytes(plan, 'data: [DONE]\n'),
  open_after_done: (plan) => ended(plan, 'hold'),
  reset_after_done: (plan) =>
    ended({ ...plan, parts: [...plan.parts, extra('', BEFORE_RESET_MS)] }, 'reset'),
  no_usage: (plan) => ({ ...plan, parts: plan.parts.filter(({ kind }) => kind !== 'usage') }),
  wrong_usage: wrongUsage,
  null_choices: (plan) => insertAt(plan, indexAfter(plan, 1), [extra(NULL_CHOICES)]),
  comments: (plan, { count = 3, ms = 20 }) =>
    prelude(
      plan,
      Array.from({ length: count }, () => extra(': keep-alive\n\n', ms)),
    ),
  comments_forever: (plan, { ms = 100 }) => ({
    ...plan,
    parts: [],
    forever: { bytes: Buffer.from(': keep-alive\n\n'), everyMs: ms },
  }),
  ping_events: (plan) => {
    const pings = 'event: ping\n\nevent: ping\ndata: {"type":"ping"}\n\nevent: ping\ndata: x\n\n';
    return insertAt(plan, indexAfter(plan, undefined), [extra(pings)]);
  },
  bom: (plan) =>
    mapParts(plan, (old, index) =>
      index === 0 ? { ...old, bytes: Buffer.concat([Buffer.from('\ufeff'), old.bytes]) } : old,
    ),
  buffered: (plan) => ({ ...plan, writes: 'buffered' }),
  gzip: (plan) => ({ ...plan, encoding: 'gzip' }),
  brotli: (plan) => ({ ...plan, encoding: 'br' }),
  two_choices: (plan, _, { dialect }) =>
    mapParts(plan, (old) => {
      if (!old.chunk) return old;
      const second = dialect.text(old.chunk.kind, old.chunk.text, null, 1);
      return { ...old, bytes: Buffer.concat([old.bytes, Buffer.from(second)]) };
    }),
  text_after_finish: (plan, _, { dialect }) => {
    const index = plan.parts.findIndex(({ kind }) => kind === 'finish');
    return insertAt(plan, index + 1, [extra(dialect.text('content', ' Late.', null))]);
  },
  no_tokens: (plan, _, { dialect, counts }) => {
    const none = { ...counts, completionTokens: 0, reasoningTokens: 0 };
    const parts = plan.parts
      .filter(({ kind }) => kind !== 'text')
      .map((old) =>
        old.kind === 'usage' ? { ...old, bytes: Buffer.from(dialect.usage(none)) } : old,
      );
    return { ...plan, parts };
  },
  flood_events: (plan, { count = 250_000 }) =>
    insertAt(plan, indexAfter(plan, undefined), [
      extra(Buffer.from('data: {"choices":[]}\n\n'.repeat(count))),
    ]),
  many_headers: (plan, { bytes = 80 * 1024 }) => {
    const names = Array.from({ length: Math.ceil(bytes / 1024) }, (_, n) => `x-filler-${n}`);
    const filler = Object.fromEntries(names.map((name) => [name, 'x'.repeat(1024)]));
    return { ...plan, headers: { ...plan.headers, ...filler } };
  },
  close_idle: (plan, { ms = 0 }) => ({ ...plan, socketAfter: { action: 'close', afterMs: ms } }),
  close_on_reuse: (plan) => ({ ...plan, socketAfter: { action: 'close_on_reuse', afterMs: 0 } }),
  think_close_only: (plan, _, context) => withoutOpeningThink(plan, context),
};
