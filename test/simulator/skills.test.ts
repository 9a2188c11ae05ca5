import { describe, expect, test } from 'vitest';
import { PROFILES, profilesWith } from '../../src/simulator/profiles.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { parseSkill } from '../../src/simulator/skills.ts';

describe('a skill', () => {
  test.each([
    ['0.8', { skill: 0.8 }],
    [' 1 ', { skill: 1 }],
    ['0@DeepSeek-R1', { skill: 0, model: 'DeepSeek-R1' }],
    ['1.2', { problem: "'1.2' is no probability from 0 to 1" }],
    ['-0.1', { problem: "'-0.1' is no probability from 0 to 1" }],
    ['@DeepSeek-R1', { problem: "'' is no probability from 0 to 1" }],
    ['much', { problem: "'much' is no probability from 0 to 1" }],
  ])('%j', (text, read) => {
    expect(parseSkill(text)).toEqual(read);
  });

  test('set for all is that of all, and the last word on a model holds', () => {
    const skills = [{ skill: 0.1 }, { skill: 0.9, model: 'DeepSeek-R1' }];
    const models = profilesWith('default', { skills });
    expect(models.get('DeepSeek-R1')?.skill).toBe(0.9);
    expect(models.get('Qwen2.5-7B-chat')?.skill).toBe(0.1);
    const unchanged = profilesWith('default', {});
    for (const [name, { skill }] of unchanged)
      expect(skill).toBe(PROFILES.default.get(name)?.skill);
  });

  test('of a model that is none is refused', async () => {
    const skills = [{ skill: 0.5, model: 'DeepSeek-R2' }];
    await expect(startSimulator({ changes: { skills } })).rejects.toThrow(/DeepSeek-R2/);
  });
});
