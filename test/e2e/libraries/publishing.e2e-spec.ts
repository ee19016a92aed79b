import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  Module,
  Post,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { getRequestedAccess, setSubscriber } from '@nuts/auth';
import { PublishingModule } from '@nuts/publishing';
import { HubRegistry, StreamingModule } from '@nuts/streaming';
import type { Request } from 'express';
import { disposeAtEnd } from '../../support/disposal.js';
import { until } from '../../support/until.js';
import { HeaderGuard, libraryRig } from './library-app.js';

const rig = libraryRig();
const { start, hub } = rig;
const json = { 'content-type': 'application/json' };

async function post(
  url: string,
  body = '{ "n": 1.0 }',
  headers: Record<string, string> = json,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(url, { method: 'POST', body, headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const storedText = async (id: unknown): Promise<string> => {
  const { data } = await rig.admin.manager.streams.getMessage('EVENTS', { seq: Number(id) });
  return Buffer.from(data).toString();
};

@Controller()
class ParsingController {
  @Post('parsed')
  parsed(@Body() body: unknown): object {
    return { body };
  }
}

@Module({ controllers: [ParsingController] })
class ParsingModule {}

it.each([
  ['no prefix', '', '/events'],
  ['a global prefix', 'api', '/events'],
  ['a hub at the root', '', '/'],
])("stores bodies byte for byte beside the application's parsers: %s", async (_, prefix, path) => {
  const streaming = StreamingModule.forRoot({
    hubs: [hub({ path, publish: { anonymous: true } })],
    exclude: ['/parsed'],
  });
  @Module({ imports: [ParsingModule, streaming, PublishingModule.forRoot({ streaming })] })
  class SomebodysModule {}
  const app = await NestFactory.create<NestExpressApplication>(SomebodysModule, {
    logger: false,
    abortOnError: false,
  });
  if (prefix !== '') app.setGlobalPrefix(prefix);
  await app.listen(0, '127.0.0.1');
  disposeAtEnd(async () => {
    app.getHttpServer().closeAllConnections();
    await app.close();
  });
  const registry = app.get(HubRegistry, { strict: false });
  await until(() => registry.hubs().every(({ status }) => status.trouble === undefined));
  const url = (await app.getUrl()) + (prefix === '' ? '' : `/${prefix}`);
  const target = `${url}${path === '/' ? '' : path}/a`;
  const { status, body } = await post(target);
  expect([status, await storedText(body['id'])]).toEqual([201, '{ "n": 1.0 }']);
  expect((await post(target, 'not json')).body).toMatchObject({ message: 'Invalid JSON payload' });
  // Larger than the limit of an Express parser.
  const large = JSON.stringify('x'.repeat(500_000));
  expect((await post(target, large)).status).toBe(201);
  expect((await post(`${url}/parsed`)).body).toEqual({ body: { n: 1 } });
});

/** The client's permissions are in its headers. */
@Injectable()
class ActionGuard implements CanActivate {
  readonly actions: unknown[] = [];

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const requested = getRequestedAccess(request);
    this.actions.push([requested?.action, requested?.topics]);
    const publish = request.get('x-publish');
    setSubscriber(request, { subject: 'ann', filters: [], ...(publish && { publish: [publish] }) });
    return request.get('x-refused') === undefined;
  }
}

it('lets guards of the application decide, and passes them the action', async () => {
  const guard = new ActionGuard();
  const streaming = StreamingModule.forRoot({ hubs: [hub({ publish: {} })], guards: [guard] });
  const { url } = await start(streaming, PublishingModule.forRoot({ streaming }));
  const mayPublish = { 'x-publish': 'a' };
  expect((await post(`${url}/events/a`, '1', mayPublish)).status).toBe(201);
  expect((await post(`${url}/events/b/c`, '1', mayPublish)).status).toBe(403);
  expect((await post(`${url}/events/a`, '1', { ...mayPublish, 'x-refused': '1' })).status).toBe(
    403,
  );
  expect(guard.actions).toEqual([
    ['publish', ['a']],
    ['publish', ['b.c']],
    ['publish', ['a']],
  ]);
  // A guard that only identifies clients does not allow them to publish.
  expect((await post(`${url}/events/a`)).status).toBe(403);
  // Other sites may not use a session cookie.
  const foreign = { ...mayPublish, cookie: 'session=1', origin: 'https://evil.example' };
  expect((await post(`${url}/events/a`, '1', foreign)).status).toBe(403);
});

it('refuses unidentified clients unless publishing is open to everyone', async () => {
  const open: CanActivate = { canActivate: () => true };
  const streaming = StreamingModule.forRoot({ hubs: [hub({ publish: {} })], guards: [open] });
  const { url } = await start(streaming, PublishingModule.forRoot({ streaming }));
  expect(await post(`${url}/events/a`)).toMatchObject({
    status: 403,
    body: { message: 'Forbidden topic' },
  });
});

it('does not start if nothing would check who publishes', async () => {
  const streaming = StreamingModule.forRoot({ hubs: [hub({ publish: {} })] });
  await expect(start(streaming, PublishingModule.forRoot({ streaming }))).rejects.toThrow(
    '/events: publish is set without access or a guard; set publish.anonymous to allow everyone to publish',
  );
});

it('does not start if publish is set and nothing serves it', async () => {
  const streaming = StreamingModule.forRoot({ hubs: [hub({ publish: { anonymous: true } })] });
  await expect(start(streaming)).rejects.toThrow(
    '/events: publish is set, but no module serves it; import PublishingModule from @nuts/publishing',
  );
});

it('finds a StreamingModule that is global', async () => {
  const streaming = StreamingModule.forRoot({
    isGlobal: true,
    hubs: [hub({ publish: { rate: 1 } })],
    guards: [HeaderGuard],
  });
  const { url } = await start(streaming, PublishingModule.forRoot({}));
  // Identified, but only allowed to subscribe.
  expect((await post(`${url}/events/a`, '1', { 'x-user': 'ann' })).status).toBe(403);
});
