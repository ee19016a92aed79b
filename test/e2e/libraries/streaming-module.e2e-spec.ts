import {
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  Module,
  type NestInterceptor,
  Scope,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { AuthModule, NutsAuthGuard } from '@nuts/auth';
import { MetricsModule } from '@nuts/metrics';
import { JetStreamNatsClient, NatsModule, type NatsOptions } from '@nuts/nats';
import { type HubDeclaration, StreamingModule } from '@nuts/streaming';
import { EMPTY, finalize, type Observable } from 'rxjs';
import { RawSse } from '../../support/raw-sse.js';
import { until } from '../../support/until.js';
import { HeaderGuard, type LibraryApp, libraryRig } from './library-app.js';

const rig = libraryRig({ monitor: true });
const { start, hub } = rig;

describe('StreamingModule', () => {
  it('accepts hubs from a ConfigService, and guards and interceptors by class, token and instance', async () => {
    const seen: string[] = [];
    const notes = (name: string): NestInterceptor => ({
      intercept: (_context: ExecutionContext, next: CallHandler): Observable<unknown> => {
        seen.push(name);
        return next.handle().pipe(finalize(() => seen.push(`${name} over`)));
      },
    });
    @Injectable()
    class ByClass implements NestInterceptor {
      intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
        seen.push('by class');
        return next.handle();
      }
    }
    @Injectable({ scope: Scope.REQUEST })
    class OfRequest implements CanActivate {
      canActivate(): boolean {
        seen.push('guard of the request');
        return true;
      }
    }
    const GUARD = Symbol('Guard');
    const INTERCEPTOR = Symbol('Interceptor');
    @Module({
      providers: [
        { provide: GUARD, useClass: HeaderGuard },
        { provide: INTERCEPTOR, useValue: notes('by token') },
        OfRequest,
      ],
    })
    class CompanyModule {}

    const { url } = await start(
      CompanyModule,
      AuthModule,
      StreamingModule.forRootAsync({
        imports: [
          ConfigModule.forRoot({
            load: [() => ({ hubs: ['/one', '/two'], natsUrl: rig.nats.url })],
            ignoreEnvFile: true,
            ignoreEnvVars: true,
          }),
        ],
        inject: [ConfigService],
        useFactory: async (config: ConfigService<Record<string, unknown>, true>) => {
          const paths = await Promise.resolve(config.get<string[]>('hubs'));
          const servers = [config.get<string>('natsUrl')];
          return { hubs: paths.map((path) => hub({ path, nats: { servers } })) };
        },
        guards: [GUARD, OfRequest, NutsAuthGuard],
        interceptors: [notes('by instance'), INTERCEPTOR, ByClass],
      }),
    );
    expect((await fetch(`${url}/two?topic=a`)).status).toBe(403);
    expect(seen).toEqual([]);
    const stream = await RawSse.open(`${url}/two?topic=d`, { headers: { 'x-user': 'ann' } });
    await stream.waitForEvents(1);
    await rig.admin.connection.jetstream().publish('events.d', '1');
    await stream.waitForEvents(2);
    expect(seen).not.toContain('by instance over');
    stream.abort();
    await until(() => seen.includes('by instance over'));
    expect(seen).toEqual([
      'guard of the request',
      'by instance',
      'by token',
      'by class',
      'by token over',
      'by instance over',
    ]);
  });

  it('notifies a global interceptor when a stream ends', async () => {
    const seen: string[] = [];
    const watcher: NestInterceptor = {
      intercept: (_context, next) => next.handle().pipe(finalize(() => seen.push('over'))),
    };
    @Module({ providers: [{ provide: APP_INTERCEPTOR, useValue: watcher }] })
    class WatchedModule {}
    const { url, registry } = await start(
      WatchedModule,
      StreamingModule.forRoot({ hubs: [hub({ maxConnectionAgeMs: 1000 })] }),
    );
    const stream = await RawSse.open(`${url}/events?topic=watched`);
    await stream.waitForEvents(1);
    await rig.admin.connection.jetstream().publish('events.watched', '1');
    await stream.waitForEvents(2);
    expect(seen).toEqual([]);
    await stream.ended();
    await until(() => seen.length > 0);
    expect(seen).toEqual(['over']);
    await until(() => registry.hubs()[0]?.status.connections === 0);
  });

  it('holds nothing for a client that an interceptor refuses', async () => {
    const { url, registry } = await start(
      StreamingModule.forRoot({
        hubs: [hub()],
        interceptors: [{ intercept: () => EMPTY } satisfies NestInterceptor],
      }),
    );
    const stream = await RawSse.open(`${url}/events?topic=a`);
    await stream.ended();
    expect(stream.events).toEqual([]);
    await until(() => registry.hubs()[0]?.status.connections === 0);
  });

  it('accepts another NATS client', async () => {
    const made: NatsOptions[] = [];
    const createClient = (options: NatsOptions): JetStreamNatsClient => {
      made.push(options);
      return new JetStreamNatsClient({ ...options, name: 'nuts_wrapped' });
    };
    await start(
      StreamingModule.forRoot({ hubs: [hub()], nats: NatsModule.register({ createClient }) }),
    );
    expect(made).toHaveLength(1);
    const answer = await fetch(`${rig.nats.monitor}/connz`);
    const { connections } = (await answer.json()) as { connections: { name?: string }[] };
    expect(connections.map(({ name }) => name)).toContain('nuts_wrapped');
  });
});

describe('two applications in one process', () => {
  it('are independent', async () => {
    const startWith = (changes: Partial<HubDeclaration>): Promise<LibraryApp> =>
      start(
        MetricsModule.forRoot({}),
        StreamingModule.forRoot({ hubs: [hub(changes)], guards: [HeaderGuard] }),
      );
    const [one, two] = [
      await startWith({ maxConnections: 1 }),
      await startWith({ stream: 'OTHER', topicPrefix: 'other.', format: { payload: 'raw' } }),
    ];
    const as = { headers: { 'x-user': 'ann', accept: 'text/event-stream' } };
    const [ofOne, ofTwo] = [
      await RawSse.open(`${one.url}/events?topic=a`, as),
      await RawSse.open(`${two.url}/events?topic=a`, as),
    ];
    await Promise.all([ofOne.waitForEvents(1), ofTwo.waitForEvents(1)]);
    await rig.admin.connection.jetstream().publish('other.a', 'plain');
    await ofTwo.waitForEvents(2);
    expect(ofTwo.events[1]?.data).toBe('plain');

    // Caps, metrics, streams of a subject: each its own.
    const second = await RawSse.open(`${two.url}/events?topic=a`, as);
    await second.waitForEvents(1);
    const metricsOf = async ({ url }: { url: string }): Promise<string> =>
      (await fetch(`${url}/metrics`)).text();
    expect(await metricsOf(one)).toMatch(/^nuts_active_connections 1$/m);
    expect(await metricsOf(two)).toMatch(/^nuts_active_connections 2$/m);
    expect(await metricsOf(one)).toMatch(/^nuts_messages_delivered_total 0$/m);
    expect(two.registry.closeStreamsOf('ann')).toBe(2);
    await Promise.all([ofTwo.ended(), second.ended()]);

    // One that ends takes nothing from the other.
    await two.close();
    await rig.admin.connection.jetstream().publish('events.a', '"still here"');
    await ofOne.waitForEvents(2);
    expect(ofOne.over).toBeUndefined();
    ofOne.abort();
    await one.close();
    await until(async () => {
      const left = [
        ...(await rig.admin.consumers('EVENTS')),
        ...(await rig.admin.consumers('OTHER')),
      ];
      return left.length === 0;
    });
  });
});
