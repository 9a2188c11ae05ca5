import { storedSettings, storedSimulated, storedTargets } from '../config/stored.ts';
import { inflateTape } from '../decode/inflate.ts';
import { ownFigures } from '../definitions/own.ts';
import { Raised } from '../definitions/python.ts';
import { replyOf } from '../definitions/reply.ts';
import { Tally } from '../definitions/tally.ts';
import type { Definition } from '../definitions/types.ts';
import { messageOf } from '../errors.ts';
import { rowKey } from '../metrics/row-key.ts';
import { Summariser } from '../metrics/summary.ts';
import type { RequestRecord } from '../metrics/types.ts';
import type { ByDefinitions } from '../report/definitions.ts';
import type { StoredRun } from '../store/read.ts';
import type { Tokenizer } from '../tokens/tokenizer.ts';
import { type Replayed, replay } from './replay.ts';

/**
 * The figures of a run as other tools would have had them, from the same tapes. Warm-up is left out
 * by all; so is what this run cancelled itself, for no other tool would have.
 * @throws TokentapeError (exit 2) where the run kept no tapes, or its plan cannot be read
 */
export async function byDefinitions(
  run: StoredRun,
  definitions: readonly Definition[],
): Promise<ByDefinitions> {
  const { manifest } = run;
  const targets = storedTargets(manifest.config);
  const unread = targets.filter(({ dialect }) => dialect !== 'openai').map(({ name }) => name);
  const summariser = new Summariser(
    storedSettings(manifest.config).slo,
    storedSimulated(manifest.config),
  );
  const tallies = new Map<string, Tally[]>();
  let untaped = 0;
  for await (const replayed of replay(run)) {
    const { record } = replayed;
    summariser.add(record);
    if (record.phase !== 'measure' || record.outcome === 'cancelled') continue;
    if (replayed.from === null) untaped += 1;
    else if (!unread.includes(record.target)) {
      const key = rowKey(record);
      const ofRow = tallies.get(key) ?? definitions.map((definition) => new Tally(definition));
      tallies.set(key, ofRow);
      await addTo(ofRow, record, replayed.from);
    }
  }
  const rows = summariser
    .rows(manifest.planned)
    .filter(({ requests }) => requests.planned > requests.skipped)
    .flatMap((row) => [
      { row, definition: null, figures: ownFigures(row) },
      ...(tallies.get(rowKey(row)) ?? []).map((tally) => ({
        row,
        definition: tally.definition,
        figures: tally.figures(),
      })),
    ]);
  return { manifest, rows, untaped, unread };
}

async function addTo(
  tallies: readonly Tally[],
  record: RequestRecord,
  { tape, planned, tokenizer }: NonNullable<Replayed['from']>,
): Promise<void> {
  const countTokens = tokenizer && counterOf(tokenizer);
  const reply = replyOf(await inflateTape(tape), planned.parameters, countTokens);
  for (const tally of tallies) tally.add(reply, record.started_ms);
}

/** Text that the tokenizer chokes on would stop the tools too. */
function counterOf(tokenizer: Tokenizer): (text: string) => number {
  return (text) => {
    try {
      return tokenizer.encode(text).count;
    } catch (error) {
      throw new Raised(messageOf(error));
    }
  };
}
