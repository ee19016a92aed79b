import { Module } from '@nestjs/common';
import { SessionStore } from './session-store.service.js';
import { SessionGuard } from './session.guard.js';
import { SessionsController } from './sessions.controller.js';

@Module({
  controllers: [SessionsController],
  providers: [SessionStore, SessionGuard],
  exports: [SessionStore, SessionGuard],
})
export class SessionsModule {}
