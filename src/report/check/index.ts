export {
  type CheckReport,
  checkJson,
  parseReportForm,
  parseReportForms,
  REPORT_FORMS,
} from './forms.ts';
export { renderCheck } from './terminal.ts';
export { type ReportTarget, writeCheckReports } from './write.ts';
