import { didYouMean } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import type { SummaryRow } from '../metrics/types.ts';
import type { Manifest } from '../store/types.ts';
import { SideRow } from './side-row.ts';
import type { ComparedRow, ComparedRun, Field, SideKind, SideName } from './types.ts';

/** A row of a run, and which run it is of. */
export interface Entry {
  run: ComparedRun;
  side: SideRow;
}

/** What stands in one column: a run, a model or a target, over all runs that are compared. */
export interface Side {
  name: string;
  /** Other names that a person may know it by. */
  aliases: string[];
  manifests: Manifest[];
  entries: Entry[];
}

/** Runs where there are several, else the models of the one, else its targets. */
export function usualSides(runs: ComparedRun[]): SideKind {
  if (runs.length > 1) return 'run';
  const count = (of: (row: SummaryRow) => string) =>
    new Set(runs.flatMap(({ rows }) => rows.map(({ row }) => of(row)))).size;
  return count((row) => row.model) === 1 && count((row) => row.target) > 1 ? 'target' : 'model';
}

/**
 * The sides of a comparison.
 * @param order of models, by name or label, where the person gave one; the others follow
 */
export function sidesOf(
  runs: ComparedRun[],
  kind: SideKind,
  order: readonly string[] = [],
): Side[] {
  const sides = new Map<string, Side>();
  for (const run of runs) {
    if (kind === 'run') {
      const side = sideNamed(sides, `${sides.size}`, run.name, [run.manifest.run_id]);
      side.manifests.push(run.manifest);
      side.entries.push(...run.rows.map((row) => entryOf(run, row)));
      continue;
    }
    for (const row of run.rows) {
      const { model, label, target } = row.row;
      const side =
        kind === 'model'
          ? sideNamed(sides, model, label, [model])
          : sideNamed(sides, target, target, []);
      if (!side.manifests.includes(run.manifest)) side.manifests.push(run.manifest);
      side.entries.push(entryOf(run, row));
    }
  }
  const placeOf = ({ name, aliases }: Side) => {
    const place = order.findIndex((wanted) => wanted === name || aliases.includes(wanted));
    return place === -1 ? order.length : place;
  };
  return [...sides.values()].sort((a, b) => (kind === 'model' ? placeOf(a) - placeOf(b) : 0));
}

function sideNamed(sides: Map<string, Side>, key: string, name: string, aliases: string[]): Side {
  const known = sides.get(key);
  if (known !== undefined) return known;
  const side = { name, aliases, manifests: [], entries: [] };
  sides.set(key, side);
  return side;
}

function entryOf(run: ComparedRun, row: ComparedRow): Entry {
  return { run, side: new SideRow(row, run.manifest) };
}

/**
 * The same sides, the base in front.
 * @throws TokentapeError (exit 2) where no side is called that
 */
export function withBase(sides: Side[], name: string | undefined): Side[] {
  if (name === undefined) return sides;
  const base = sides.find((side) => side.name === name || side.aliases.includes(name));
  if (base !== undefined) return [base, ...sides.filter((side) => side !== base)];
  const known = sides.flatMap((side) => [side.name, ...side.aliases]);
  const there = sides.map((side) => side.name).join(', ');
  throw usageError(
    `--base ${name}: no side of this comparison`,
    didYouMean(name, known, `there are ${there}`),
  );
}

/** One field of a row; the model by its name. */
export function fieldOf({ run, side }: Entry, field: Field): string {
  return field === 'run' ? run.name : side.row[field];
}

/** How a side is told of; what it has only one of, by name. */
export function nameOfSide({ name, manifests, entries }: Side): SideName {
  const only = (of: (entry: Entry) => string): string | null => {
    const [first, ...others] = new Set(entries.map(of));
    return first === undefined || others.length > 0 ? null : first;
  };
  return {
    name,
    run_id: manifests.map(({ run_id }) => run_id).join('+'),
    plan_hash: manifests[0]?.plan_hash ?? '',
    simulated: manifests.some(({ simulated }) => simulated),
    target: only(({ side }) => side.row.target),
    model: only(({ side }) => side.row.label),
  };
}
