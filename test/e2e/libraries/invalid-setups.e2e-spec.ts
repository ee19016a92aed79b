import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { HubRegistry, StreamingModule } from '@nuts/streaming';
import { disposeAtEnd } from '../../support/disposal.js';
import { until } from '../../support/until.js';
import { HeaderGuard, libraryRig } from './library-app.js';

const { start, hub } = libraryRig();

/** All values of `failure$` for an application that cannot work. */
async function failuresOf(streaming: DynamicModule, busyMs = 0): Promise<Error[]> {
  @Module({ imports: [streaming] })
  class BrokenModule implements OnModuleInit {
    /** Other parts of an application may start slowly. */
    async onModuleInit(): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, busyMs));
    }
  }
  const app = await NestFactory.create(BrokenModule, { logger: false, abortOnError: false });
  disposeAtEnd(() => app.close());
  await app.init();
  const failures: Error[] = [];
  app.get(HubRegistry, { strict: false }).failure$.subscribe((failure) => failures.push(failure));
  await until(() => failures.length > 0, { timeoutMs: 5_000 });
  return failures;
}

describe('failure$', () => {
  it('reports a URL that cannot work', async () => {
    const nats = { servers: ['http://127.0.0.1:4222'] };
    const [failure] = await failuresOf(StreamingModule.forRoot({ hubs: [hub({ nats })] }));
    expect(failure).toMatchObject({ name: 'NatsConnectError', kind: 'bad_option' });
  });

  it('reports a client that gave up while the application was still starting', async () => {
    const nats = { servers: ['127.0.0.1:4222'], credentialsFile: '/nowhere.creds' };
    const [failure] = await failuresOf(StreamingModule.forRoot({ hubs: [hub({ nats })] }), 300);
    expect(failure).toMatchObject({ name: 'NatsConnectError' });
  });

  it('reports a missing stream once, however often it is looked up', async () => {
    const failures = await failuresOf(StreamingModule.forRoot({ hubs: [hub({ stream: 'NONE' })] }));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(failures.map(({ name }) => name)).toEqual(['UnusableStreamError']);
  });
});

describe('two StreamingModules in one application', () => {
  const one = (): DynamicModule => StreamingModule.forRoot({ hubs: [hub({ path: '/one' })] });

  it('are distinguished by the paths of their hubs, or do not start', async () => {
    const other = StreamingModule.forRoot({
      hubs: [hub({ path: '/one', name: 'another', stream: 'OTHER', topicPrefix: 'other.' })],
    });
    await expect(start(one(), other)).rejects.toThrow(/\/one: two hubs have this path/);
  });

  it('do not start if the interceptors of one would not see the hubs of the other', async () => {
    const intercepted = StreamingModule.forRoot({
      hubs: [hub({ path: '/two' })],
      interceptors: [{ intercept: (_context, next) => next.handle() }],
    });
    await expect(start(one(), intercepted)).rejects.toThrow(/all or none of the StreamingModules/);
  });

  it('have their own guards and interceptors', async () => {
    const seen: string[] = [];
    const withGuard = (path: string, isOpen: boolean): DynamicModule =>
      StreamingModule.forRoot({
        hubs: [hub({ path })],
        guards: [{ canActivate: () => isOpen }],
        interceptors: [
          {
            intercept: (_context, next) => {
              seen.push(path);
              return next.handle();
            },
          },
        ],
      });
    const { url } = await start(withGuard('/open', true), withGuard('/shut', false));
    expect((await fetch(`${url}/shut?topic=a`)).status).toBe(403);
    const answer = await fetch(`${url}/open?topic=a`);
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
    expect(seen).toEqual(['/open']);
  });
});

describe('a hub with access settings', () => {
  const access = { secret: 'a secret of thirty-two bytes and more' };

  it('does not start open to everyone if no guard would require a token', async () => {
    const streaming = StreamingModule.forRoot({ hubs: [hub({ access })] });
    await expect(start(streaming)).rejects.toThrow(/\/events: .*access.*guard.*NutsAuthGuard/);
  });

  it('starts with a guard of the hubs, or of the whole application', async () => {
    const guarded = StreamingModule.forRoot({ hubs: [hub({ access })], guards: [HeaderGuard] });
    await (await start(guarded)).close();
    @Module({ providers: [{ provide: APP_GUARD, useClass: HeaderGuard }] })
    class GuardModule {}
    const { url } = await start(StreamingModule.forRoot({ hubs: [hub({ access })] }), GuardModule);
    expect((await fetch(`${url}/events?topic=a`)).status).toBe(403);
  });
});
