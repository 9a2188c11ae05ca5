import { requestsCsv } from '../report/csv.ts';
import { GradeIndex } from '../store/grade-index.ts';
import { readRecords, type StoredRun } from '../store/read.ts';

/** `requests.csv` of a run, piece by piece, each request with the grade of its reply. */
export async function* requestsCsvOf(run: StoredRun): AsyncGenerator<string> {
  const grades = await GradeIndex.open(run);
  const gradeOf = grades && ((requestId: string) => grades.get(requestId));
  try {
    yield* requestsCsv(readRecords(run), run.manifest, gradeOf);
  } finally {
    grades?.close();
  }
}
