import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { errorCode, messageOf, usageError, writeError } from '../errors.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { Redactor } from '../secrets.ts';
import { RUN_FILES } from './folder.ts';
import { gunzippedLines } from './lines.ts';
import {
  lineToRequest,
  type PlanHeader,
  type PromptLine,
  promptToLine,
  type RequestLine,
  requestToLine,
} from './plan-line.ts';
import type { StoredRun } from './read.ts';

const PIECE_CHARACTERS = 64 * 1024;

/**
 * `plan.ndjson.gz`: what a run is about to send, whole and synced before its first request: a header,
 * then one line per planned request, each prompt once in front of the first request that sends it.
 * What cycles past the plan has an id from which `passOf` and `repeatedRequest` find it again.
 * @throws TokentapeError (exit 74)
 */
export async function writePlan(
  file: string,
  requests: readonly PlannedRequest[],
  run: { run_id: string; simulated: boolean },
  redactor: Redactor,
): Promise<void> {
  const { run_id, simulated } = run;
  const header: PlanHeader = { schema_version: 1, run_id, simulated, requests: requests.length };
  try {
    await pipeline(
      Readable.from(inPieces(planLines(header, requests), redactor)),
      createGzip({ level: 4 }),
      createWriteStream(file, { flags: 'wx', flush: true }),
    );
  } catch (error) {
    throw writeError(`cannot write ${file}: ${messageOf(error)}`, undefined, error);
  }
}

function* planLines(
  header: PlanHeader,
  requests: readonly PlannedRequest[],
): Generator<PlanHeader | PromptLine | RequestLine> {
  yield header;
  const prompts = new Map<string, { id: string; of: PlannedRequest }>();
  let promptCount = 0;
  for (const request of requests) {
    const key = JSON.stringify([request.suite, request.caseId, request.turn]);
    let prompt = prompts.get(key);
    if (prompt === undefined || !isSamePrompt(prompt.of, request)) {
      promptCount += 1;
      prompt = { id: `p${promptCount}`, of: request };
      prompts.set(key, prompt);
      yield promptToLine(request, prompt.id);
    }
    yield requestToLine(request, prompt.id);
  }
}

function isSamePrompt(a: PlannedRequest, b: PlannedRequest): boolean {
  return (
    a.messages.length === b.messages.length &&
    a.messages.every(({ role, content }, i) => {
      const other = b.messages[i];
      return role === other?.role && content === other.content;
    }) &&
    a.reference === b.reference &&
    a.gradedTurns === b.gradedTurns &&
    (a.expect === b.expect || JSON.stringify(a.expect) === JSON.stringify(b.expect))
  );
}

/** What stands in a plan to be read by its names stays as it is: ids, roles, kinds of graders. */
function redactedLine<Line extends PlanHeader | PromptLine | RequestLine>(
  line: Line,
  redactor: Redactor,
): Line {
  const redact = <Value>(value: Value): Value => redactLeaves(value, redactor) as Value;
  if ('parameters' in line) return { ...line, parameters: redact(line.parameters) };
  if (!('messages' in line)) return line;
  const { messages, expect, reference } = line;
  return {
    ...line,
    messages: messages.map((message) => ({ ...message, content: redact(message.content) })),
    expect: redact(expect),
    ...(reference !== undefined && { reference: redact(reference) }),
  };
}

/** Members of an expectation that name something. */
const NAMING = new Set(['type', 'judge', 'metric']);

function redactLeaves(value: unknown, redactor: Redactor): unknown {
  if (typeof value === 'string') return redactor.text(value);
  if (Array.isArray(value)) return value.map((one) => redactLeaves(one, redactor));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [
    name,
    NAMING.has(name) && typeof one === 'string' ? redactor.name(one) : redactLeaves(one, redactor),
  ]);
  return Object.fromEntries(entries);
}

function* inPieces(
  lines: Iterable<PlanHeader | PromptLine | RequestLine>,
  redactor: Redactor,
): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += `${JSON.stringify(redactedLine(line, redactor))}\n`;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/**
 * The planned requests of a run by their ids.
 * @param isWanted whether one is to be kept; all are, unless told otherwise
 * @throws TokentapeError (exit 2) where the file is missing, cut off or of another version
 */
export async function readPlan(
  run: StoredRun,
  isWanted: (requestId: string) => boolean = () => true,
): Promise<Map<string, PlannedRequest>> {
  const file = path.join(run.path, RUN_FILES.plan);
  const requests = new Map<string, PlannedRequest>();
  const prompts = new Map<string, PromptLine>();
  let header: PlanHeader | undefined;
  let lines = 0;
  try {
    for await (const text of gunzippedLines(file)) {
      const line = JSON.parse(text) as PlanHeader | PromptLine | RequestLine;
      if ('request_id' in line) {
        lines += 1;
        if (!isWanted(line.request_id)) continue;
        const prompt = prompts.get(line.prompt_id);
        if (prompt === undefined) throw new Error(`${line.request_id} has no prompt`);
        requests.set(line.request_id, lineToRequest(line, prompt));
      } else if ('prompt_id' in line) {
        prompts.set(line.prompt_id, line);
      } else {
        header = line;
        if (line.schema_version !== 1) throw new Error(`schema version ${line.schema_version}`);
      }
    }
    if (lines !== header?.requests) throw new Error('it is cut off');
  } catch (error) {
    const missing = errorCode(error) === 'ENOENT';
    throw usageError(
      missing ? `${run.path} has no ${RUN_FILES.plan}` : `cannot read ${file}: ${messageOf(error)}`,
      missing ? 'runs of older versions have none: `tokentape export` reads them' : undefined,
    );
  }
  return requests;
}
