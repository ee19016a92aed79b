import { Module } from '@nestjs/common';
import { ConsoleAssets } from './assets/console-assets.service.js';
import { ConsoleConfigSource } from './config/console-config.source.js';
import { ConfigurableConsoleModule } from './console.module-definition.js';

/**
 * The console in a Nest application: `ConsoleModule.forRoot({ imports: [streaming], guards })`. The page
 * uses the hubs as any client does, and has no right that its user's token does not give. Beside a hub
 * at the root, list its path in `excludeBelow` of `StreamingModule`.
 */
@Module({ providers: [ConsoleAssets, ConsoleConfigSource] })
export class ConsoleModule extends ConfigurableConsoleModule {}
