import { Logger } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { Test } from '@nestjs/testing';
import { AuthModule } from './auth.module.js';
import { startHub, type TestHub } from './hub.fixture.js';
import { NutsAuthGuard } from './nuts-auth.guard.js';
import {
  getRequestedAccess,
  getRequestedSubscription,
  setRequestedAccess,
  setRequestedSubscription,
} from './request-subscription.js';
import type { Subscriber } from './requested-subscription.interface.js';
import { signToken } from './tokens.fixture.js';
import { TokenVerifier } from './token-verifier.interface.js';
import { TopicPolicy } from './topic-policy.interface.js';

const SECRET = 'a secret of at least thirty-two bytes';
const bearer = (claims: object): string =>
  `Authorization: Bearer ${signToken('HS256', SECRET, claims)}`;
const HUB = { name: 'main', path: '/events' };

describe('a refusal in the log', () => {
  let hub: TestHub;
  const log: unknown[] = [];
  beforeEach(async () => {
    log.length = 0;
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => void log.push(line));
    hub = await startHub({ access: { secret: SECRET } });
  });
  afterEach(() => hub.close());

  it.each<[string[], string, string]>([
    [[], 'auth_missing_token', 'missing'],
    [['Authorization: Basic x'], 'auth_invalid_token', 'malformed_header'],
    [[bearer({})], 'auth_invalid_token', 'claim_subscribe'],
    [[bearer({ subscribe: 'a', exp: 1 })], 'auth_invalid_token', 'expired'],
  ])('tells why: %j', async (lines, reason, fault) => {
    await hub.get(lines);
    const line = { msg: 'subscription refused', hub: 'main', topics: ['a'], reason, fault };
    expect(log).toEqual([line]);
  });

  it('tells that the identity of another guard has ended', async () => {
    hub.identity = { filters: ['a'], expiresAtMs: 1 };
    await hub.get();
    expect(log).toEqual([expect.objectContaining({ fault: 'expired' })]);
  });

  it('tells the action and the topics', async () => {
    await hub.get([bearer({ subscribe: 'b' })], ['a', 'c']);
    hub.action = 'publish';
    await hub.get([bearer({ publish: 'b' })]);
    await hub.get([bearer({ publish: [] })]);
    const forbidden = { hub: 'main', reason: 'auth_topic_forbidden', fault: undefined };
    expect(log).toEqual([
      { ...forbidden, msg: 'subscription refused', topics: ['a', 'c'] },
      { ...forbidden, msg: 'publish refused', topics: ['a'] },
      expect.objectContaining({ msg: 'publish refused', fault: 'claim_publish' }),
    ]);
  });
});

it.each([[undefined], [() => false]])(
  'hands on whether the key is withdrawn: %p',
  async (known) => {
    const allowed: Subscriber[] = [];
    const verified = { claims: {}, ...(known && { isRevoked: known }) };
    const hub = await startHub({
      access: {},
      providers: [
        { provide: TokenVerifier, useValue: { verify: () => Promise.resolve(verified) } },
        {
          provide: TopicPolicy,
          useValue: {
            subscriberOf: () => ({ filters: ['a'] }),
            allows: (subscriber: Subscriber) => allowed.push(subscriber) > 0,
          },
        },
      ],
    });
    expect((await hub.get(['Authorization: Bearer x'])).status).toBe(200);
    expect(allowed).toStrictEqual([{ filters: ['a'], ...(known && { isRevoked: known }) }]);
    await hub.close();
  },
);

describe('NutsAuthGuard outside the hubs', () => {
  const allow = async (request: object, type = 'http'): Promise<boolean> => {
    const module = await Test.createTestingModule({ imports: [AuthModule] }).compile();
    const context = new ExecutionContextHost([request, {}]);
    context.setType(type);
    try {
      return await module.get(NutsAuthGuard).canActivate(context);
    } finally {
      await module.close();
    }
  };

  it('lets requests to other routes pass', async () => {
    expect(await allow({})).toBe(true);
  });

  it('lets pass what is no HTTP request', async () => {
    const request = { headersDistinct: {}, headers: {} };
    setRequestedAccess(request, { action: 'subscribe', hub: HUB, topics: ['a'], access: {} });
    expect(await allow(request, 'ws')).toBe(true);
  });
});

it('is asked to subscribe by the HTTP layer of a stream', () => {
  const request = {};
  expect(getRequestedSubscription(request)).toBeUndefined();
  setRequestedSubscription(request, { hub: HUB, topics: ['a'] });
  expect(getRequestedAccess(request)).toEqual({ action: 'subscribe', hub: HUB, topics: ['a'] });
  expect(getRequestedSubscription(request)).toBe(getRequestedAccess(request));
});
