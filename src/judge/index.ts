export { openJudgeJournal, readJudgeCalls } from './journal.ts';
export { Judge } from './judge.ts';
export { judgeLookup } from './names.ts';
export type { JudgeOptions } from './options.ts';
export type { JudgeCall, JudgeLookup, JudgeReport } from './types.ts';
