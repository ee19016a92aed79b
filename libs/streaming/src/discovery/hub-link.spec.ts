import { Controller, ForbiddenException, Get, Header, Module, type Type } from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { NEVER } from 'rxjs';
import { HUB_DIRECTORY, type HubDirectory } from '../hub/stream-request.interface.js';
import { FakeHub, hubOptions } from '../sse/edge.fixture.js';
import { HubLink } from './hub-link.decorator.js';
import { HubLinkInterceptor } from './hub-link.interceptor.js';

const EVENTS = '<https://hubs.example.com/events>; rel="nuts"';
const CHAT = '</chat>; rel="nuts"';

const hubs = [
  new FakeHub(hubOptions({ path: '/events', hubUrl: 'https://hubs.example.com/events' })),
  new FakeHub(hubOptions({ path: '/chat' })),
];
const directory: HubDirectory = {
  hubs: () => hubs,
  byPath: () => undefined,
  failure$: NEVER,
};

@Controller('orders')
@HubLink('/events')
class OrdersController {
  @Get()
  list(): string[] {
    return [];
  }

  @Get('refused')
  refused(): never {
    throw new ForbiddenException();
  }

  @Get('page')
  @Header('Link', '</orders?page=2>; rel="next"')
  page(): string {
    return 'page';
  }

  @Get('both')
  @HubLink('/chat', '/events')
  both(): string {
    return 'both';
  }
}

@Controller()
class PlainController {
  @Get('plain')
  plain(): string {
    return 'plain';
  }

  @Get('all')
  @HubLink()
  all(): string {
    return 'all';
  }
}

@Controller()
class LostController {
  @Get()
  @HubLink('/elsewhere')
  lost(): string {
    return '';
  }
}

const apps: NestExpressApplication[] = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

async function start(
  options: { controllers?: Type[]; global?: boolean; prefix?: string } = {},
): Promise<(path: string) => Promise<string | null>> {
  const { controllers = [OrdersController, PlainController], global = false, prefix } = options;
  @Module({
    controllers,
    providers: [
      { provide: HUB_DIRECTORY, useValue: directory },
      ...(global ? [{ provide: APP_INTERCEPTOR, useClass: HubLinkInterceptor }] : []),
    ],
  })
  class AppModule {}
  const app = await NestFactory.create<NestExpressApplication>(AppModule, {
    logger: false,
    abortOnError: false,
  });
  apps.push(app);
  if (prefix !== undefined) app.setGlobalPrefix(prefix);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return async (path) => (await fetch(url + path)).headers.get('link');
}

it("adds the hub's link to every answer of a controller, refusals included", async () => {
  const linkOf = await start();
  expect(await linkOf('/orders')).toBe(EVENTS);
  expect(await linkOf('/orders/refused')).toBe(EVENTS);
  expect(await linkOf('/plain')).toBeNull();
});

it('keeps existing links and adds no duplicates', async () => {
  const linkOf = await start();
  expect(await linkOf('/orders/page')).toBe(`</orders?page=2>; rel="next", ${EVENTS}`);
  expect(await linkOf('/orders/both')).toBe(`${EVENTS}, ${CHAT}`);
});

it('adds links to all hubs without a selection, and to every route as a global interceptor', async () => {
  const linkOf = await start();
  expect(await linkOf('/all')).toBe(`${EVENTS}, ${CHAT}`);
  const linkEverywhere = await start({ global: true });
  expect(await linkEverywhere('/plain')).toBe(`${EVENTS}, ${CHAT}`);
  expect(await linkEverywhere('/all')).toBe(`${EVENTS}, ${CHAT}`);
});

it.each(['api', '/api/'])('adds a path with the global prefix %s', async (prefix) => {
  const linkOf = await start({ prefix });
  expect(await linkOf('/api/all')).toBe(`${EVENTS}, </api/chat>; rel="nuts"`);
});

it('does not start with an unknown hub', async () => {
  await expect(start({ controllers: [LostController] })).rejects.toThrow(
    "@HubLink('/elsewhere'): unknown hub. Known hubs: /events, /chat.",
  );
});
