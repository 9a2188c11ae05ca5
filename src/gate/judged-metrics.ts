import { type GatedMetric, type GradeMetric, gradeMetric, isGradeMetric } from './metric.ts';
import type { GateSettings } from './settings.ts';

/** What a check judges of one comparison, or of one row beside earlier runs. */
export interface JudgedMetrics {
  /** Judged from what was measured. */
  measured: GatedMetric[];
  /** Of grades, asked for by name. */
  asked: GradeMetric[];
  /** Of grades, not asked for: one that is surely worse fails, and any other holds nothing up. */
  watched: GradeMetric[];
}

/** @param isGraded where no answer is graded, there is nothing that a score could be of */
export function judgedMetrics(
  { metrics, watchScore }: Pick<GateSettings, 'metrics' | 'watchScore'>,
  isGraded: boolean,
): JudgedMetrics {
  const measured = metrics.filter((metric) => !isGradeMetric(metric));
  if (!isGraded) return { measured, asked: [], watched: [] };
  const asked = metrics.filter(isGradeMetric);
  const names = asked.map(({ text }) => text);
  const isScoreAsked = names.includes('score') || names.includes('accuracy');
  const watched = [
    ...(isScoreAsked ? [] : [gradeMetric('score')]),
    ...(names.includes('ungraded_share') ? [] : [gradeMetric('ungraded_share')]),
  ];
  return { measured, asked, watched: watchScore ? watched : [] };
}

/** How many findings that makes. */
export function countJudged({ measured, asked, watched }: JudgedMetrics): number {
  return measured.length + asked.length + watched.length;
}
