import {
  Body,
  Controller,
  Delete,
  Post,
  Req,
  Res,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { HubRegistry } from '@nuts/streaming';
import type { Request, Response } from 'express';
import type { EmbeddedSettings } from '../embedded.settings.js';
import { SessionStore } from './session-store.service.js';
import { SessionGuard } from './session.guard.js';

/** Login and logout. */
@Controller('sessions')
export class SessionsController {
  constructor(
    private readonly config: ConfigService<EmbeddedSettings, true>,
    private readonly sessions: SessionStore,
    private readonly registry: HubRegistry,
  ) {}

  @Post()
  login(
    @Body() { user, password }: { user?: unknown; password?: unknown },
    @Res({ passthrough: true }) response: Response,
  ): { user: string } {
    const users = new Map(Object.entries(this.config.get('users', { infer: true })));
    if (typeof user !== 'string' || typeof password !== 'string' || users.get(user) !== password) {
      throw new UnauthorizedException('Wrong user or password');
    }
    response.cookie('session', this.sessions.begin(user), { httpOnly: true, sameSite: 'strict' });
    return { user };
  }

  /**
   * Ends the session, and the streams of its user. A browser whose session is over comes back to a
   * `401` and stops; another one of the same user comes back and goes on where it was.
   */
  @Delete()
  @UseGuards(SessionGuard)
  logout(@Req() request: Request): { closedStreams: number } {
    const user = this.sessions.end(request);
    return { closedStreams: user === undefined ? 0 : this.registry.closeStreamsOf(user) };
  }
}
