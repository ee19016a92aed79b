import type { AddressInfo } from 'node:net';
import {
  Controller,
  type INestApplication,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  Post,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { setSubscriber } from '@nuts/auth';
import type { NextFunction, Request, Response } from 'express';
import { restoreBody, bypassBodyParsers } from './body-parser-bypass.js';
import { ClientRateGuard } from './client-rate.guard.js';
import { CrossSiteGuard } from './cross-site.guard.js';
import { IncompleteBodyError, readBody } from './read-body.js';
import { setWriteRules, type WriteRules } from './write-rules.js';
import { WritingModule } from './writing.module.js';

/** An application with the usual body parsers, a route that writes, and one that parses. */
export interface WritingApp {
  readonly app: INestApplication;
  readonly url: string;
  readonly port: number;
  /** Bytes that the route has read of refused and accepted bodies. */
  bytesRead: number;
  incomplete: number;
}

/** A request with the header `x-user` has that subject. */
export async function startWriting(overrides: Partial<WriteRules> = {}): Promise<WritingApp> {
  const rules: WriteRules = {
    target: '/write',
    anonymous: false,
    origins: ['https://app.example'],
    maxBytes: 1000,
    ...overrides,
  };

  @Controller()
  class WriteController {
    @Post('write')
    @UseGuards(CrossSiteGuard, ClientRateGuard)
    async write(
      @Req() request: Request,
      @Res({ passthrough: true }) response: Response,
    ): Promise<object> {
      request.on('data', (chunk: Buffer) => (self.bytesRead += chunk.length));
      try {
        const body = await readBody(request, response, rules.maxBytes);
        return { body: body.toString('base64') };
      } catch (error) {
        if (error instanceof IncompleteBodyError) self.incomplete += 1;
        throw error;
      }
    }

    @Post('parse')
    parse(@Req() request: Request): object {
      return { parsed: request.body as unknown };
    }
  }

  @Module({ imports: [WritingModule], controllers: [WriteController] })
  class WritingAppModule implements NestModule {
    constructor(host: HttpAdapterHost) {
      bypassBodyParsers(host, ({ url }) => url === '/write');
    }

    configure(consumer: MiddlewareConsumer): void {
      consumer
        .apply((request: Request, _response: Response, next: NextFunction) => {
          restoreBody(request);
          setWriteRules(request, rules);
          const subject = request.get('x-user');
          if (subject !== undefined) setSubscriber(request, { subject, filters: [] });
          next();
        })
        .forRoutes('write');
    }
  }

  const app = await NestFactory.create(WritingAppModule, { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  const self: WritingApp = {
    app,
    port,
    url: `http://127.0.0.1:${port}`,
    bytesRead: 0,
    incomplete: 0,
  };
  return self;
}
