import { expect, test } from 'vitest';
import { startSimulatorThread } from '../../src/simulator/start-thread.ts';

test('serves from a thread of its own until it is closed', async () => {
  const answerBook = { x: { right: '1', wrong: '2' } };
  const faults = [{ fault: '503' as const, model: 'DeepSeek-R1' }];
  const thread = await startSimulatorThread({ profile: 'fast', faults, answerBook });
  const response = await fetch(`${thread.url}/models`, { headers: { authorization: 'Bearer k' } });
  expect(response.status).toBe(200);
  await thread.close();
  await expect(fetch(`${thread.url}/models`)).rejects.toThrow();
});

test('says why it cannot start', async () => {
  const thread = await startSimulatorThread({});
  const port = Number(new URL(thread.url).port);
  await expect(startSimulatorThread({ port })).rejects.toMatchObject({ exitCode: 2 });
  await thread.close();
});
