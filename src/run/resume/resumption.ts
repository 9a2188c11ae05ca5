import type { Manifest, Resumption } from '../../store/types.ts';
import type { OpenRun } from '../open-records.ts';
import { describeHost, readVersions } from '../provenance.ts';
import { type Before, clockThatStoodAt } from './before.ts';
import type { Resumable } from './resumable.ts';

/** What a run that goes on says of itself until it ends. */
export function manifestToGoOn(
  { run: { manifest: was }, plan, missing }: Resumable,
  before: Before,
): Manifest {
  const clock = clockThatStoodAt(before.elapsedMs);
  const resumption: Resumption = {
    at: new Date().toISOString(),
    clock,
    elapsed_ms: before.elapsedMs,
    records_before: before.records,
    superseded: missing.superseded.size,
    missing: missing.requests.length,
    before: {
      interrupted: was.interrupted,
      finished_at: was.finished_at,
      duration_ms: was.duration_ms,
      validity: was.validity,
    },
    ...(before.unrecorded && { unrecorded: before.unrecorded }),
    ...unlike('versions', readVersions(), was.versions),
    ...unlike('host', describeHost(), was.host),
  };
  return {
    ...was,
    state: 'partial',
    interrupted: null,
    finished_at: null,
    duration_ms: null,
    validity: before.validity,
    planned: plan.rows,
    resumed: [...(was.resumed ?? []), resumption],
    ...(was.grading && { grading: { ...was.grading, state: 'unfinished' } }),
  };
}

function unlike<Name extends 'versions' | 'host'>(name: Name, now: object, then: object): object {
  return JSON.stringify(now) === JSON.stringify(then) ? {} : { [name]: now };
}

/** What was mended and read before the first request took time that is none of the run's. */
export function goingOn(
  { manifest }: OpenRun,
  { elapsedMs }: Before,
): Pick<OpenRun, 'manifest' | 'originNs'> {
  const clock = clockThatStoodAt(elapsedMs);
  const resumed = (manifest.resumed ?? []).map((each, index, { length }) =>
    index === length - 1 ? { ...each, clock } : each,
  );
  return { manifest: { ...manifest, resumed }, originNs: clock.monotonic_ns };
}

/** The revision that a run was started in; where it is another now that it went on, that one beside it. */
export function revisions(
  { resumed }: Manifest,
  before: Before | undefined,
  now: Manifest['git'],
): Pick<Manifest, 'git' | 'resumed'> {
  const latest = resumed?.at(-1);
  if (before === undefined || resumed === undefined || latest === undefined) return { git: now };
  const { git } = before.run.manifest;
  if (JSON.stringify(git) === JSON.stringify(now)) return { git };
  return { git, resumed: [...resumed.slice(0, -1), { ...latest, git: now }] };
}
