import { expect, test } from 'vitest';
import { readEvidence } from '../../src/run/stored-evidence.ts';
import { aPlannedRow } from '../metrics/fixtures.ts';
import { aManifest } from '../report/fixtures.ts';

test('a run that was killed before its first record says which targets were simulated', async () => {
  const config = {
    targets: [
      { name: 'simulator', simulated: true },
      { name: 'market', simulated: false },
    ],
  };
  const planned = [aPlannedRow({ target: 'simulator' }), aPlannedRow({ target: 'market' })];
  const evidence = await readEvidence({
    path: 'has-no-records',
    manifest: aManifest({ config, planned }),
  });
  expect(evidence.map(({ row }) => row.simulated)).toEqual([true, false]);
});
