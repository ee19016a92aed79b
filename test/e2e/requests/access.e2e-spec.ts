import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthModule, getRequestedAccess, NutsAuthGuard, setSubscriber } from '@nuts/auth';
import { completeService, RequestsModule, ServiceRequests } from '@nuts/requests';
import type { Request } from 'express';
import { lastValueFrom, map, toArray } from 'rxjs';
import { signToken } from '../../../libs/auth/src/tokens.fixture.js';
import { RequestsApp, servicesRig } from './requests-rig.js';

const rig = servicesRig();
const SECRET = 'a secret of at least thirty-two bytes';
const access = { secret: SECRET, cookie: 'token' };
const tokenOf = (claims: object): string => signToken('HS256', SECRET, claims);
const bearer = (claims: object): Record<string, string> => ({
  authorization: `Bearer ${tokenOf(claims)}`,
});

/** Identifies the client by a header, as an application would by a session. */
@Injectable()
class SessionGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const subject = request.get('x-user');
    if (subject === undefined || getRequestedAccess(request)?.action !== 'request') return false;
    setSubscriber(request, { subject, filters: [], request: ['a'] });
    return true;
  }
}

function startSecured(changes: Parameters<typeof rig.start>[0] = {}): Promise<RequestsApp> {
  rig.serve('services.>', (message) => message.respond('{}'));
  return rig.start({ anonymous: false, access, ...changes }, { guards: [NutsAuthGuard] }, [
    AuthModule.forRoot({ isGlobal: true }),
  ]);
}

describe('the claim request', () => {
  it('limits who may send requests to which subjects, without the prefix', async () => {
    const app = await startSecured();
    const status = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
      (await app.ask(path, '', headers)).status;
    expect(await status('/services/reports/monthly')).toBe(401);
    expect(await status('/services/reports/monthly', bearer({ request: 'reports.*' }))).toBe(200);
    expect(await status('/services/orders', bearer({ request: ['reports.>', 'o'] }))).toBe(403);
    expect(await status('/services/a', bearer({ subscribe: '>', publish: '>' }))).toBe(403);
    expect(await status('/services/a', bearer({ request: '>', exp: 1 }))).toBe(401);
    expect(app.service.openRequests).toBe(0);
  });

  it('is checked before the body is read, and refused as JSON for streams too', async () => {
    const app = await startSecured({ maxBytes: 10 });
    const headers = { accept: 'text/event-stream' };
    const answer = await app.ask('/services/a', 'x'.repeat(100), headers);
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([401, { statusCode: 401 }]);
    expect((await app.ask('/services/a', 'x'.repeat(11), bearer({ request: '>' }))).status).toBe(
      413,
    );
    expect((await app.ask('/services/a', 'x'.repeat(10), bearer({ request: '>' }))).status).toBe(
      200,
    );
  });

  it('in a cookie is refused for another site', async () => {
    const app = await startSecured({ cors: { origins: ['https://app.example'] } });
    const cookie = `token=${tokenOf({ request: '>' })}`;
    const status = async (origin?: string): Promise<number> =>
      (await app.ask('/services/a', '', { cookie, ...(origin && { origin }) })).status;
    expect(await status()).toBe(200);
    expect(await status('https://app.example')).toBe(200);
    expect(await status(app.url)).toBe(200);
    expect(await status('https://evil.example')).toBe(403);
    expect(await status('null')).toBe(403);
  });

  it('does not exempt a client from its rate', async () => {
    const app = await startSecured({ rate: 1 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        app.ask('/services/a', '', bearer({ request: '>', sub: 'u' })),
      ),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(5);
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
  });
});

it('a guard of the application decides, and sees the requested subject', async () => {
  rig.serve('services.>', (message) => message.respond('{}'));
  const app = await rig.start({ anonymous: false }, { guards: [SessionGuard, NutsAuthGuard] }, [
    AuthModule.forRoot({ isGlobal: true }),
  ]);
  expect((await app.ask('/services/a')).status).toBe(403);
  expect((await app.ask('/services/a', '', { 'x-user': 'u' })).status).toBe(200);
  expect((await app.ask('/services/b', '', { 'x-user': 'u' })).status).toBe(403);
});

it('two modules of one application have their own guards', async () => {
  rig.serve('services.>', (message) => message.respond('{}'));
  const shut: CanActivate = { canActivate: () => false };
  const other = RequestsModule.forRoot({
    services: [
      completeService({
        path: '/shut',
        subjectPrefix: 'services.',
        nats: { servers: [rig.nats.url] },
      }),
    ],
    guards: [shut],
  });
  const app = await rig.start({}, {}, [other]);
  expect((await app.ask('/services/a')).status).toBe(200);
  expect((await app.ask('/shut/a')).status).toBe(403);
});

it('a global prefix applies to services as to any route, also with body parsers', async () => {
  rig.serve('services.echo', (message) => message.respond(message.data));
  const service = {
    path: '/services',
    subjectPrefix: 'services.',
    nats: { servers: [rig.nats.url] },
  };
  const app = await RequestsApp.start({ ...service, anonymous: true }, {}, [], 'api');
  const headers = { 'content-type': 'application/json' };
  const answer = await app.ask('/api/services/echo', '{"n": 1.0}', headers);
  expect([answer.status, answer.body]).toEqual([200, '{"n": 1.0}']);
  expect((await app.ask('/services/echo', '{}', headers)).status).toBe(404);
});

it.each<[string, Parameters<typeof rig.start>[0], RegExp]>([
  ['nobody would ask for a token', { access }, /no guard would check/],
  ['everybody could ask', { anonymous: false }, /everybody could ask/],
  ['there is no prefix', { subjectPrefix: '' }, /is not a valid start of a subject/],
  ['the prefix is internal', { subjectPrefix: '$JS.' }, /is not a valid start of a subject/],
  ['the prefix leads to replies', { subjectPrefix: '_INBOX.' }, /reply subjects/],
  ['a number would admit nobody', { maxRequests: 0 }, /maxRequests is 0/],
])('an application does not start if %s', async (_what, changes, message) => {
  await expect(rig.start(changes)).rejects.toThrow(message);
});

it('ServiceRequests sends requests from code, within the same limits', async () => {
  rig.serve('services.sum', (message) => {
    for (const n of message.json<number[]>()) message.respond(`${n}`);
    message.respond('');
  });
  const app = await rig.start({ maxRequests: 1 });
  const requests = app.app.get(ServiceRequests, { strict: false });
  const ask = () =>
    requests.ask('/services', 'sum', [1, 2]).pipe(
      map(({ payload }) => Buffer.from(payload).toString()),
      toArray(),
    );
  const first = lastValueFrom(ask());
  await expect(lastValueFrom(ask())).rejects.toMatchObject({ kind: 'too_many' });
  expect(await first).toEqual(['1', '2']);
  expect(app.service.openRequests).toBe(0);
  await expect(lastValueFrom(requests.ask('/services', 'nobody', 'x'))).rejects.toMatchObject({
    kind: 'no_responders',
  });
  expect(() => requests.ask('/services', 'a.*', '')).toThrow(TypeError);
  expect(() => requests.ask('other', 'a', '')).toThrow(/Known services: \/services/);
});
