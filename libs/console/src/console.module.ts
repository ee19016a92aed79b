import { Module } from '@nestjs/common';
import { ConsoleAssets } from './assets/console-assets.service.js';
import { ConsoleConfigSource } from './config/console-config.source.js';
import { ConfigurableConsoleModule } from './console.module-definition.js';

/**
 * Adds the console to a Nest application: `ConsoleModule.forRoot({ imports: [streaming], guards })`. The
 * page uses the hubs like any client, with the rights of its user's token. With a hub at `/`, list the
 * console's path in `excludeBelow` of `StreamingModule`.
 */
@Module({ providers: [ConsoleAssets, ConsoleConfigSource] })
export class ConsoleModule extends ConfigurableConsoleModule {}
