export { renderCheck } from './terminal.ts';
