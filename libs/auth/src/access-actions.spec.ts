import { Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { startHub, type TestHub } from './hub.fixture.js';
import { getRequestedAccess } from './request-subscription.js';
import type { AccessAction, RequestedAccess } from './requested-access.interface.js';
import type { Subscriber } from './requested-subscription.interface.js';
import { signToken } from './tokens.fixture.js';
import { TopicPolicy } from './topic-policy.interface.js';

const SECRET = 'a secret of at least thirty-two bytes';
const access = { secret: SECRET };
const bearer = (claims: object): string[] => [
  `Authorization: Bearer ${signToken('HS256', SECRET, claims)}`,
];
const OTHERS: readonly AccessAction[] = ['publish', 'request', 'presence'];

describe.each(OTHERS)('the action %s', (action) => {
  let hub: TestHub;
  const start = async (setup: Omit<Parameters<typeof startHub>[0], 'access'> = {}) => {
    hub = await startHub({ access, ...setup });
    hub.action = action;
    return hub;
  };
  beforeEach(() => void jest.spyOn(Logger.prototype, 'warn').mockImplementation());
  afterEach(() => hub.close());

  it('is bounded by the claim of its name, in the grammar of subscribe', async () => {
    await start();
    const claim = { [action]: ['a', 'b.*'] };
    expect((await hub.get(bearer(claim))).status).toBe(200);
    expect((await hub.get(bearer(claim), ['b.c'])).status).toBe(200);
    expect((await hub.get(bearer(claim), ['c'])).status).toBe(403);
    expect((await hub.get(bearer({ [action]: '*' }), ['c'])).status).toBe(200);
  });

  it('allows nothing without the claim, whatever the others say', async () => {
    await start();
    const others = [...OTHERS, 'subscribe'].filter((other) => other !== action);
    const claims = Object.fromEntries(others.map((other) => [other, '>']));
    const answer = await hub.get(bearer(claims));
    expect([answer.status, answer.body.message]).toEqual([403, 'Forbidden topic']);
    expect(hub.rejections).toEqual([`main auth_topic_forbidden ${action}`]);
  });

  it.each([[[]], ['a..b'], [null], [7], [['a', 7]], [{}], [''], [Array(129).fill('a')]])(
    'refuses the claim %j',
    async (claim) => {
      await start();
      expect((await hub.get(bearer({ [action]: claim }))).status).toBe(401);
    },
  );

  it('does not mind what is wrong with another claim, and does not allow to listen', async () => {
    await start();
    const token = bearer({ [action]: '>', subscribe: [] });
    expect((await hub.get(token)).status).toBe(200);
    hub.action = 'subscribe';
    expect((await hub.get(token)).status).toBe(401);
  });

  it('is not covered by what another guard lets somebody listen to', async () => {
    await start();
    hub.identity = { filters: ['>'] };
    expect((await hub.get()).status).toBe(403);
    hub.identity = { filters: [], [action]: ['a'] };
    expect((await hub.get()).status).toBe(200);
    hub.identity = { filters: [], [action]: ['a..'] };
    expect((await hub.get()).status).toBe(403);
  });

  it('is told to a policy of the application', async () => {
    const asked: AccessAction[] = [];
    const policy: TopicPolicy = {
      subscriberOf: () => ({ filters: [] }),
      allows: (_subscriber: Subscriber, requested: RequestedAccess) => {
        asked.push(requested.action);
        return false;
      },
    };
    await start({ providers: [{ provide: TopicPolicy, useValue: policy }] });
    expect((await hub.get(bearer({}))).status).toBe(403);
    expect(asked).toEqual([action]);
  });
});

it('lets a guard of the application tell what is asked from the execution context', async () => {
  @Injectable()
  class ReadOnlyGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const requested = getRequestedAccess(context.switchToHttp().getRequest<object>());
      return requested?.action === 'subscribe';
    }
  }
  const hub = await startHub({ guard: ReadOnlyGuard });
  expect((await hub.get()).status).toBe(200);
  hub.action = 'publish';
  expect((await hub.get()).status).toBe(403);
  await hub.close();
});
