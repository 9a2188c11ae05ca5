/**
 * Version of the graders: raised with every change that may mark an unchanged answer otherwise. Grades of
 * two versions are not compared; `tokentape recompute RUN --grade` grades a stored run again.
 */
export const GRADERS_VERSION = 1;
