import { ConfigurableModuleBuilder, type ModuleMetadata } from '@nestjs/common';
import { type ConsoleGuard, guardedConsoleController } from './console.controller.js';
import { CONSOLE_OPTIONS, type ConsoleOptions, DEFAULT_CONSOLE_PATH } from './console.options.js';

/** Options that must be known when the module is declared. */
export interface ConsoleExtras {
  /** Path of the page; starts with a slash and does not end with one. Default: `/console`. */
  readonly path?: string;
  /** Guards of the page, in execution order, after the application's global ones. */
  readonly guards?: readonly ConsoleGuard[];
  /** Modules that export `HUB_DIRECTORY` and, for services, `ServiceRegistry`; and modules that the guards need. */
  readonly imports?: ModuleMetadata['imports'];
}

export const {
  ConfigurableModuleClass: ConfigurableConsoleModule,
  OPTIONS_TYPE: CONSOLE_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<ConsoleOptions>({ optionsInjectionToken: CONSOLE_OPTIONS })
  .setClassMethodName('forRoot')
  .setExtras<ConsoleExtras>({}, (definition, extras) => {
    const { path = DEFAULT_CONSOLE_PATH, guards = [], imports = [] } = extras;
    return {
      ...definition,
      imports: [...(definition.imports ?? []), ...imports],
      controllers: [guardedConsoleController(path, guards)],
    };
  })
  .build();
