import { existsSync } from 'node:fs';
import { problemsError } from '../../diagnostics/format.ts';
import { usageError } from '../../errors.ts';
import { isInside } from '../../inside.ts';
import { modelKey } from '../../load/protocol.ts';
import type { PlannedRequest } from '../../plan/types.ts';
import { isGraded } from '../../suite/audience.ts';
import { loadSuite, suiteSearchDirs } from '../../suite/load.ts';
import type { Suite } from '../../suite/types.ts';

/** What the suites expect now of requests that were sent before. */
export interface SuitesNow {
  /** The request with what is expected of it now; as it was where its case is not what it was. */
  of(planned: PlannedRequest): PlannedRequest;
  /** Cases that are missing from their suite now, or ask something else. */
  readonly unmatched: ReadonlySet<string>;
}

/**
 * Reads the suites of a run again, its generated cases drawn by the run's seed.
 * @param names as the run was told them: names or paths, from the folder that it was started in
 * @throws TokentapeError (exit 2) that lists every mistake in them
 */
export function readSuitesNow(names: readonly string[], seed: string): Suite[] {
  const cwd = process.cwd();
  const searchDirs = suiteSearchDirs(cwd);
  const astray = names.find((name) => existsSync(name) && !isInside(name, cwd));
  if (astray !== undefined) {
    // The names are the run's, and the run may be somebody else's.
    throw usageError(
      `the run names a suite that is not in this folder: ${astray}`,
      'start it in a folder that holds the suites of the run',
    );
  }
  const loaded = [...new Set(names)].map((name) => loadSuite(name, searchDirs, seed));
  const problems = loaded.flatMap((one) => one.problems);
  if (problems.length > 0) throw problemsError(problems);
  return loaded.flatMap(({ suite }) => suite ?? []);
}

/** @param tags of each model, by `modelKey` */
export function suitesNow(
  suites: readonly Suite[],
  tags: ReadonlyMap<string, readonly string[]>,
): SuitesNow {
  const byName = new Map(
    suites.map((suite) => [
      suite.name,
      { suite, cases: new Map(suite.cases.map((one) => [one.id, one])) },
    ]),
  );
  const unmatched = new Set<string>();
  return {
    unmatched,
    of: (planned) => {
      const found = byName.get(planned.suite);
      const one = found?.cases.get(planned.caseId);
      const turn = one?.turns[planned.turn];
      if (
        found === undefined ||
        one === undefined ||
        turn === undefined ||
        turn.text !== askedIn(planned)
      ) {
        unmatched.add(`${planned.suite}/${planned.caseId}`);
        return planned;
      }
      const graded = isGraded(found.suite, tags.get(modelKey(planned)) ?? []);
      return {
        ...planned,
        expect: graded ? turn.expect : [],
        reference: graded && turn.expect.length > 0 ? turn.reference : null,
        gradedTurns: graded ? one.turns.filter(({ expect }) => expect.length > 0).length : 0,
      };
    },
  };
}

function askedIn({ messages }: PlannedRequest): string | undefined {
  return messages.at(-1)?.content;
}
