import type { SummaryRow } from '../metrics/types.ts';
import { resumedWords } from '../store/resumed.ts';
import type { Manifest } from '../store/types.ts';
import type { Entry, Side } from './sides.ts';

/** Why the figures of these sides may not bear a comparison; a sentence each. */
export function warningsOf(sides: Side[]): string[] {
  return [
    ...simulatedAmong(sides),
    ...plansApart(sides),
    ...doubtful(sides),
    ...withoutRecords(sides),
    ...countedApart(sides),
  ];
}

function simulatedAmong(sides: Side[]): string[] {
  const simulated = sides.filter(({ manifests }) => manifests.some((each) => each.simulated));
  if (simulated.length === 0) return [];
  if (simulated.length === sides.length) {
    return ["SIMULATED: these figures are the embedded simulator's, not any provider's."];
  }
  const names = simulated.map(({ name }) => name);
  return [`SIMULATED: the figures of ${names.join(', ')}; the others are a provider's.`];
}

function plansApart(sides: Side[]): string[] {
  const hashes = new Set(sides.flatMap(({ manifests }) => manifests.map((each) => each.plan_hash)));
  if (hashes.size < 2) return [];
  return ['The plans differ (plan_hash): suites, models, parameters or load are not equal.'];
}

function doubtful(sides: Side[]): string[] {
  return runsOf(sides).flatMap(([manifest, name]) => {
    const isPartial = manifest.state === 'partial' || manifest.interrupted !== null;
    const resumed = resumedWords(manifest);
    return [
      ...(isPartial ? [`${name} is partial.`] : []),
      ...(resumed === null ? [] : [`${name} was ${resumed}.`]),
      ...(manifest.validity.verdict === 'invalid' ? [`${name} is invalid.`] : []),
    ];
  });
}

/** Each run once: by the side that it is, else by its own name. */
function runsOf(sides: Side[]): [Manifest, string][] {
  const names = new Map<Manifest, string>();
  for (const { name, manifests } of sides) {
    for (const manifest of manifests) {
      const isShared = sides.some(
        (side) => side.name !== name && side.manifests.includes(manifest),
      );
      names.set(manifest, isShared ? manifest.run_id : name);
    }
  }
  return [...names];
}

function withoutRecords(sides: Side[]): string[] {
  const names = sides.flatMap(({ entries }) =>
    entries.flatMap(({ run, side }) => (side.samples === null ? [run.name] : [])),
  );
  if (names.length === 0) return [];
  const listed = [...new Set(names)].join(', ');
  return [`No records are left of ${listed} (requests.ndjson): its figures stand without shifts.`];
}

/** What one server calls a token need not be one to a tokenizer, so speeds by either are not alike. */
function countedApart(sides: Side[]): string[] {
  const known = sides.flatMap(({ name, entries }) => {
    const counted = entries.filter(({ side }) => side.row.output_tokens !== null);
    const sources = new Set(counted.map(({ side }) => side.row.token_source));
    return sources.size === 0 ? [] : [{ name, by: [...sources].sort().join(' and ') }];
  });
  if (new Set(known.map(({ by }) => by)).size < 2) return [];
  const each = known.map(({ name, by }) => `${name} by ${by}`).join(', ');
  return [`Tokens are not counted alike: ${each}. TPOT and tok/s differ by that too.`];
}

/** One line per side that lacks rows of the others: a whole suite by its name, else each model. */
export function lacks(sides: Side[], byKey: Map<string, Entry>[]): string[] {
  const all = new Map(byKey.flatMap((entries) => [...entries]));
  return sides.flatMap(({ name }, index) => {
    const own = byKey[index] as Map<string, Entry>;
    const missing = [...all].flatMap(([key, { side }]) => (own.has(key) ? [] : [side.row]));
    if (missing.length === 0) return [];
    const ownSuites = new Set([...own.values()].map(({ side }) => side.row.suite));
    const named = missing.map(({ suite, label }: SummaryRow) =>
      ownSuites.has(suite) ? `${label} · ${suite}` : `suite ${suite}`,
    );
    return [`${name} lacks ${[...new Set(named)].join(', ')}.`];
  });
}
