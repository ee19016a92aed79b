// Limit program: an `@Sse()` route that writes the same Buffers and does nothing else.
import 'reflect-metadata';
import { Controller, Module, Req, Res, Sse, type MessageEvent } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { Observable } from 'rxjs';
import { announce } from './announce.js';
import { cursorOf, readStream } from './limit-reader.js';

const fanOut = await readStream();

@Controller()
class LimitController {
  @Sse('events')
  stream(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Observable<MessageEvent> {
    const { searchParams } = new URL(request.url, 'http://limit');
    const topics = searchParams.getAll('topic');
    const after = cursorOf(request.headers['last-event-id']);
    const data = { topics, recovery: 'live' };
    const connected = { type: 'connected', data, id: String(after ?? fanOut.newest) };
    // Nest writes the first event a microtask after it subscribed; ours must follow it.
    setImmediate(() => fanOut.join(topics, after, response));
    return new Observable((subscriber) => subscriber.next(connected));
  }
}

@Module({ controllers: [LimitController] })
class LimitModule {}

const app = await NestFactory.create<NestExpressApplication>(LimitModule, { logger: ['error'] });
await app.init();
const server = app.getHttpServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => announce(server));
