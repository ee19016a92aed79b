export { ServiceLogger, type ServiceLoggerOptions } from './service-logger.js';
