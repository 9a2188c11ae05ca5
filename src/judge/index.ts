export { AGREEMENT_WANTED } from './agreement.ts';
export { openJudgeJournal, readJudgeCalls } from './journal.ts';
export { Judge } from './judge.ts';
export { judgeLookup } from './names.ts';
export type { JudgeOptions } from './options.ts';
export type {
  JudgeAgreement,
  JudgeCall,
  JudgeLookup,
  JudgeModel,
  JudgeReport,
  JudgeSettings,
} from './types.ts';
