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
import { type Shape, shapeFault } from './shape/kind.ts';
import { HEADER_SHAPE, PROMPT_SHAPE, REQUEST_SHAPE } from './shape/plan.ts';

const PIECE_CHARACTERS = 64 * 1024;
/** Twice the longest record of a data file, for what JSON escapes. */
const LINE_BYTES_MAX = 32 * 1024 * 1024;

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
  const ids = new Set<string>();
  let lineNumber = 0;
  try {
    for await (const text of gunzippedLines(file, LINE_BYTES_MAX)) {
      lineNumber += 1;
      // A few bytes may unpack to lines without end.
      if (header !== undefined && lineNumber > 1 + 2 * header.requests) {
        throw new Error('it holds more than its header says');
      }
      const line = JSON.parse(text) as Partial<PlanHeader & PromptLine & RequestLine> | null;
      if (header === undefined) {
        header = ofShape<PlanHeader>(line, HEADER_SHAPE, lineNumber);
      } else if (line?.request_id !== undefined) {
        const request = ofShape<RequestLine>(line, REQUEST_SHAPE, lineNumber);
        const { request_id, prompt_id } = request;
        if (ids.has(request_id)) throw new Error(`line ${lineNumber}: ${request_id} once more`);
        ids.add(request_id);
        if (!isWanted(request_id)) continue;
        const prompt = prompts.get(prompt_id);
        if (prompt === undefined) throw new Error(`${request_id} has no prompt`);
        requests.set(request_id, lineToRequest(request, prompt));
      } else {
        const prompt = ofShape<PromptLine>(line, PROMPT_SHAPE, lineNumber);
        prompts.set(prompt.prompt_id, prompt);
      }
    }
    if (ids.size !== header?.requests) throw new Error('it is cut off');
  } catch (error) {
    const missing = errorCode(error) === 'ENOENT';
    throw usageError(
      missing ? `${run.path} has no ${RUN_FILES.plan}` : `cannot read ${file}: ${messageOf(error)}`,
      missing ? 'runs of older versions have none: `tokentape export` reads them' : undefined,
    );
  }
  return requests;
}

/** @throws Error that says what is wrong with it */
function ofShape<Line>(line: unknown, shape: Shape<Line>, lineNumber: number): Line {
  const fault = shapeFault(line, shape);
  if (fault !== null) throw new Error(`line ${lineNumber} is not one of a plan: ${fault}`);
  return line as Line;
}
