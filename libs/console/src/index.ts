export { ConsoleAssetsError } from './assets/console-assets.error.js';
export type * from './config/console-config.interface.js';
export type { ConsoleGuard } from './console.controller.js';
export { ConsoleModule } from './console.module.js';
export type { ConsoleExtras } from './console.module-definition.js';
export { CONSOLE_OPTIONS, type ConsoleOptions, DEFAULT_CONSOLE_PATH } from './console.options.js';
