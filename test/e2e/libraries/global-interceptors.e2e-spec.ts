import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import {
  type CallHandler,
  ForbiddenException,
  type MiddlewareConsumer,
  Module,
  type NestInterceptor,
  type NestModule,
  RequestTimeoutException,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { StreamingModule } from '@nuts/streaming';
import type { Request, Response } from 'express';
import { LoggerModule } from 'nestjs-pino';
import {
  catchError,
  concatMap,
  delay,
  EMPTY,
  finalize,
  firstValueFrom,
  from,
  map,
  mergeMap,
  type Observable,
  of,
  startWith,
  take,
  tap,
  throwError,
  timeout,
} from 'rxjs';
import { RawSse } from '../../support/raw-sse.js';
import { until } from '../../support/until.js';
import { type LibraryApp, libraryRig } from './library-app.js';

const rig = libraryRig();

type Around = (events: Observable<unknown>, request: Request) => Observable<unknown>;

/** Interceptors of the whole application, the outermost first, as `APP_INTERCEPTOR`. */
function globally(...each: Around[]): new () => unknown {
  @Module({
    providers: each.map((around) => ({
      provide: APP_INTERCEPTOR,
      useValue: {
        intercept: (context, next: CallHandler) =>
          around(next.handle(), context.switchToHttp().getRequest<Request>()),
      } satisfies NestInterceptor,
    })),
  })
  class SomebodysInterceptors {}
  return SomebodysInterceptors;
}

const startWithThese = (...modules: Parameters<typeof rig.start>): Promise<LibraryApp> =>
  rig.start(...modules, StreamingModule.forRoot({ hubs: [rig.hub()] }));

let published = 0;
const publish = async (subject: string): Promise<number> => {
  const { seq } = await rig.admin.connection.jetstream().publish(subject, `${++published}`);
  return seq;
};
const isEmpty = ({ registry }: LibraryApp): Promise<unknown> =>
  until(() => registry.hubs()[0]?.status.connections === 0);

/** Opens a stream and checks it to the byte: the contract's frames, and no others. */
async function expectWholeStream(
  app: LibraryApp,
  meanwhile: () => unknown = () => undefined,
): Promise<RawSse> {
  const first = await publish('events.a');
  const stream = await RawSse.open(`${app.url}/events?topic=a&last-id=${first - 1}`);
  await stream.waitForEvents(2);
  await meanwhile();
  const second = await publish('events.a');
  await stream.waitForEvents(3);
  expect(stream.headers['content-type']).toBe('text/event-stream');
  expect(stream.events.map(({ event, id }) => `${event} ${id}`)).toEqual([
    `connected ${first - 1}`,
    `message ${first}`,
    `message ${second}`,
  ]);
  expect(stream.events[0]?.data).toBe('{"topics":["a"],"recovery":"resumed"}');
  expect(stream.frames.flatMap(({ id }) => id ?? [])).toHaveLength(3);
  stream.abort();
  await isEmpty(app);
  return stream;
}

/** From Nest's documentation. */
const timesOut =
  (ms: number, onTimeout = (): void => undefined): Around =>
  (events) =>
    events.pipe(
      timeout(ms),
      catchError(() => {
        onTimeout();
        return throwError(() => new RequestTimeoutException());
      }),
    );
const wraps: Around = (events) => events.pipe(map((data) => ({ success: true, data })));

/** As `@nestjs/cache-manager` does it, with a store that keeps JSON. */
function caches(): Around {
  const store = new Map<string, string>();
  return (events, { originalUrl }) => {
    const known = store.get(originalUrl);
    if (known !== undefined) return of(JSON.parse(known) as unknown);
    return events.pipe(tap((event) => store.set(originalUrl, JSON.stringify(event))));
  };
}

describe('a stream is not changed by', () => {
  it('a timeout', async () => {
    let timeouts = 0;
    const app = await startWithThese(globally(timesOut(50, () => timeouts++)));
    await expectWholeStream(app, () => until(() => timeouts > 0));
  });

  it.each<[string, Around[]]>([
    ['a response wrapper', [wraps]],
    ['an asynchronous mapper', [(events) => events.pipe(map((event) => Promise.resolve(event)))]],
    [
      'a mapper that waits',
      [(events) => events.pipe(concatMap((event) => of({ event }).pipe(delay(20))))],
    ],
    ['one that takes the first value', [(events) => from(firstValueFrom(events))]],
    ['one that takes one value', [(events) => events.pipe(take(1))]],
    ['one that emits on its own', [(events) => events.pipe(startWith({ data: 'hello', id: '1' }))]],
    ['one that multiplies', [(events) => events.pipe(mergeMap((event) => [event, event, 7n]))]],
    ['several', [timesOut(5000), wraps, wraps, caches()]],
  ])('%s', async (_, interceptors) => {
    await expectWholeStream(await startWithThese(globally(...interceptors)));
  });

  it.each<[string, Around[]]>([
    ['a cache', [caches()]],
    ['a cache around a wrapper', [caches(), wraps]],
  ])('%s, also the second time', async (_, interceptors) => {
    const app = await startWithThese(globally(...interceptors));
    const { url } = app;
    for (let i = 0; i < 2; i++) {
      const stream = await RawSse.open(`${url}/events?topic=cached`);
      await stream.waitForEvents(1);
      const sequence = await publish('events.cached');
      await stream.waitForEvents(2);
      expect(stream.events.map(({ id }) => Number(id))).toEqual([sequence - 1, sequence]);
      stream.abort();
    }
    await isEmpty(app);
  });

  it('a logging interceptor, which sees its start and end', async () => {
    const seen: unknown[] = [];
    const logs: Around = (events) =>
      events.pipe(
        tap((event) => seen.push(event)),
        finalize(() => seen.push('end')),
      );
    await expectWholeStream(await startWithThese(globally(logs)), () =>
      expect(seen).toMatchObject([{ type: 'connected' }]),
    );
    await until(() => seen.includes('end'));
  });

  it('nestjs-pino', async () => {
    const stream = new PassThrough();
    let lines = '';
    stream.on('data', (chunk) => (lines += String(chunk)));
    const app = await startWithThese(
      LoggerModule.forRoot({ pinoHttp: { stream } }),
      globally(wraps),
    );
    await expectWholeStream(app);
    await until(() => lines.includes('"statusCode":200'));
  });

  it('an agent that wraps response.write, and drops its callback and its result', async () => {
    let seen = '';
    @Module({})
    class AgentModule implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        consumer
          .apply((_request: Request, response: Response, next: () => void) => {
            const write = response.write.bind(response) as (chunk: unknown) => boolean;
            response.write = ((chunk: unknown) => {
              seen += String(chunk);
              write(chunk);
            }) as unknown as ServerResponse['write'];
            next();
          })
          .forRoutes('/');
      }
    }
    const app = await startWithThese(AgentModule);
    const stream = await RawSse.open(`${app.url}/events?topic=many`);
    await stream.waitForEvents(1);
    // More than the frames that may be in flight: each must be known to be sent.
    for (let i = 0; i < 200; i++) {
      await publish('events.many');
      await stream.waitForEvents(i + 2);
    }
    expect(seen).toContain(stream.events.at(-1)?.raw);
    stream.abort();
    await isEmpty(app);
  });
});

describe('an interceptor refuses a client', () => {
  it.each<[string, Around]>([
    [
      'before the stream was asked for',
      () => {
        throw new ForbiddenException();
      },
    ],
    [
      'after a question to somebody else',
      () =>
        of(1).pipe(
          delay(30),
          concatMap(() => throwError(() => new ForbiddenException())),
        ),
    ],
    [
      'when it has seen the opening',
      (events) =>
        events.pipe(
          delay(30),
          map((event) => {
            if ((event as { type: string }).type === 'connected') throw new ForbiddenException();
          }),
        ),
    ],
  ])('with a status, %s', async (_, around) => {
    const app = await startWithThese(globally(around));
    const answer = await RawSse.open(`${app.url}/events?topic=a`);
    await answer.ended();
    expect(answer.status).toBe(403);
    expect(answer.json()).toEqual({ message: 'Forbidden', statusCode: 403 });
    await isEmpty(app);
  });

  it.each<[string, Around]>([
    ['emits nothing', () => EMPTY],
    ['answers itself', () => of({ maintenance: true })],
    [
      'filters the opening out, later',
      (events) =>
        events.pipe(
          delay(20),
          take(1),
          mergeMap(() => EMPTY),
        ),
    ],
  ])('temporarily, if it %s', async (_, around) => {
    const app = await startWithThese(globally(around));
    const stream = await RawSse.open(`${app.url}/events?topic=a&last-id=1`);
    await stream.ended();
    expect([stream.status, stream.headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect(stream.body).toMatch(/^: Stream not opened\nid: 1\nretry: \d+\n\n$/);
    const plain = await RawSse.open(`${app.url}/events?topic=a`, { headers: {} });
    await plain.ended();
    expect([plain.status, plain.headers['retry-after']]).toEqual([503, '1']);
    expect(plain.json()).toMatchObject({ statusCode: 503, message: 'Stream not opened' });
    await isEmpty(app);
  });
});
