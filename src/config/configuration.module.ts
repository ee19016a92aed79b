import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule, registerAs } from '@nestjs/config';
import { loadConfiguration } from './configuration.loader.js';
import type { ProcessOptions } from './process-options.interface.js';

/** Injects the {@link ProcessOptions}. */
export const PROCESS_OPTIONS = Symbol('ProcessOptions');

/**
 * The configuration in the application: by {@link PROCESS_OPTIONS}, and through Nest's
 * ConfigService under `nuts` (`config.get('nuts.port')`).
 */
@Module({})
export class ConfigurationModule {
  /**
   * @param options what `loadConfiguration` returned; by default it reads this process's environment
   * @throws ConfigurationError when it reads the environment and finds mistakes
   */
  static forRoot(options: ProcessOptions = loadConfiguration(process.env)): DynamicModule {
    const source = registerAs('nuts', () => options);
    return {
      module: ConfigurationModule,
      global: true,
      imports: [
        // Neither .env files nor writing to process.env: two applications in one process must
        // not know of each other.
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
