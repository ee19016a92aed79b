import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule, registerAs } from '@nestjs/config';
import { loadConfiguration } from './configuration.loader.js';
import type { ProcessOptions } from './process-options.interface.js';

/** Injects the {@link ProcessOptions}. */
export const PROCESS_OPTIONS = Symbol('ProcessOptions');

/**
 * Provides the configuration: with {@link PROCESS_OPTIONS}, and in Nest's ConfigService under `nuts`
 * (`config.get('nuts.port')`).
 */
@Module({})
export class ConfigurationModule {
  /**
   * @param options the result of `loadConfiguration`; by default, of this process's environment
   * @throws ConfigurationError if the environment has errors
   */
  static forRoot(options: ProcessOptions = loadConfiguration(process.env)): DynamicModule {
    const source = registerAs('nuts', () => options);
    return {
      module: ConfigurationModule,
      global: true,
      imports: [
        // Without .env files and without changes to process.env, so that two applications in one process
        // are independent.
        ConfigModule.forRoot({
          load: [source],
          ignoreEnvFile: true,
          ignoreEnvVars: true,
          skipProcessEnv: true,
        }),
      ],
      providers: [{ provide: PROCESS_OPTIONS, useValue: options }],
      exports: [PROCESS_OPTIONS, ConfigModule],
    };
  }
}
