import { ConfigurableModuleBuilder, type ModuleMetadata } from '@nestjs/common';
import type { AuthModuleOptions } from './auth-options.js';

/** Options of `forRoot` besides `AuthModuleOptions`. */
export interface AuthModuleExtras {
  /** Whether other modules can inject the guard and its parts without importing this module. */
  readonly isGlobal?: boolean;
  /** Bind `TokenSource`, `TokenVerifier`, `TopicPolicy` or `AUTH_METRICS` here to replace a part. */
  readonly providers?: ModuleMetadata['providers'];
  /** Modules that those providers need. */
  readonly imports?: ModuleMetadata['imports'];
}

export const {
  ConfigurableModuleClass: ConfigurableAuthModule,
  MODULE_OPTIONS_TOKEN: AUTH_OPTIONS,
} = new ConfigurableModuleBuilder<AuthModuleOptions>({ moduleName: 'Auth' })
  .setClassMethodName('forRoot')
  .setExtras<AuthModuleExtras>(
    { isGlobal: false, providers: [], imports: [] },
    (module, extras) => ({
      ...module,
      global: extras.isGlobal ?? false,
      imports: [...(module.imports ?? []), ...(extras.imports ?? [])],
      providers: [...(module.providers ?? []), ...(extras.providers ?? [])],
    }),
  )
  .build();
