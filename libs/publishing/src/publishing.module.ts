import { Module } from '@nestjs/common';
import { WritingModule } from '@nuts/writing';
import { BodyMemory } from './body-memory.js';
import { PublishAccessGuard } from './publish-access.guard.js';
import { PublishController } from './publish.controller.js';
import { ConfigurablePublishingModule } from './publishing.module-definition.js';
import { PublishingRoutes } from './publishing.routes.js';

/**
 * Publishing over HTTP to hubs with `publish` in their options: `PublishingModule.forRoot({ streaming })`,
 * next to that `StreamingModule`.
 */
@Module({
  imports: [WritingModule],
  controllers: [PublishController],
  providers: [BodyMemory, PublishAccessGuard, PublishingRoutes],
})
export class PublishingModule extends ConfigurablePublishingModule {}
