export * from './nuts-metrics.interface.js';
