export { type CheckReport, checkJson, parseReportForms } from './forms.ts';
export { renderCheck } from './terminal.ts';
export { writeCheckReports } from './write.ts';
