import { type AddressInfo, connect, type Server } from 'node:net';
import {
  type CanActivate,
  Controller,
  Get,
  type INestApplication,
  UseGuards,
} from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { NextFunction, Request, Response } from 'express';
import type { AccessOptions } from './access-options.interface.js';
import type { AuthMetrics } from './auth-metrics.interface.js';
import { AUTH_METRICS } from './auth-metrics.interface.js';
import { AuthModule } from './auth.module.js';
import type { AuthModuleExtras } from './auth.module-definition.js';
import { NutsAuthGuard } from './nuts-auth.guard.js';
import { setRequestedAccess, setSubscriber } from './request-subscription.js';
import type { AccessAction } from './requested-access.interface.js';
import type { RequestedSubscription, Subscriber } from './requested-subscription.interface.js';
import { CurrentSubscriber, Subscription } from './subscription.decorator.js';

/** A Nest application with one guarded route, which requests all topics of the `topic` parameters. */
export interface TestHub {
  readonly rejections: string[];
  /** The identity that an earlier guard sets on requests. */
  identity?: Subscriber;
  /** The action of its requests; initially `subscribe`. */
  action: AccessAction;
  /** Sends exactly these header lines, including invalid ones. */
  get(lines?: readonly string[], topics?: readonly string[]): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: { message?: string; subscriber?: Subscriber; requested?: RequestedSubscription };
}

interface HubSetup extends AuthModuleExtras {
  readonly access?: AccessOptions;
  readonly guard?: Type<CanActivate>;
}

export async function startHub({ access, guard, ...extras }: HubSetup): Promise<TestHub> {
  @Controller()
  @UseGuards(guard ?? NutsAuthGuard)
  class EventsController {
    @Get('events')
    events(
      @Subscription() requested: RequestedSubscription,
      @CurrentSubscriber() subscriber?: Subscriber,
    ): object {
      return { requested, subscriber };
    }

    @Get('other')
    other(): object {
      return {};
    }
  }

  const metrics: AuthMetrics = {
    rejected: (reason, hub, action) =>
      void rejections.push([hub, reason, ...(action === 'subscribe' ? [] : [action])].join(' ')),
  };
  const providers = [{ provide: AUTH_METRICS, useValue: metrics }, ...(extras.providers ?? [])];
  const rejections: string[] = [];
  const module = await Test.createTestingModule({
    imports: [AuthModule.forRoot({ ...extras, providers })],
    controllers: [EventsController],
  }).compile();
  const app: INestApplication = module.createNestApplication({ logger: false });
  app.use('/events', (request: Request, _response: Response, next: NextFunction) => {
    const topics = new URL(request.url, 'http://hub').searchParams.getAll('topic');
    const hub = { name: 'main', path: '/events' };
    const { action } = self;
    setRequestedAccess(request, { action, hub, topics, ...(access && { access }) });
    if (self.identity) setSubscriber(request, self.identity);
    next();
  });
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  const self: TestHub = {
    rejections,
    action: 'subscribe',
    get: (lines = [], topics = ['a']) => {
      const query = topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join('&');
      return exchange(port, [`GET /events?${query} HTTP/1.1`, 'Host: hub', ...lines]);
    },
    close: () => app.close(),
  };
  return self;
}

/** Sends one request over a raw socket. */
export function exchange(port: number, lines: readonly string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.on('error', reject).on('end', () => {
      const end = text.indexOf('\r\n\r\n');
      const body = text.slice(end + 4);
      resolve({
        status: Number(text.slice(9, 12)),
        head: text.slice(0, end),
        body: body.startsWith('{') ? (JSON.parse(body) as Answer['body']) : {},
      });
    });
    socket.write([...lines, 'Connection: close', '', ''].join('\r\n'), 'latin1');
  });
}
