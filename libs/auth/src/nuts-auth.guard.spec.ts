import { HttpException, Injectable, Logger } from '@nestjs/common';
import { startHub, type TestHub } from './hub.fixture.js';
import { ec } from './keys/key-pairs.fixture.js';
import { NutsAuthGuard } from './nuts-auth.guard.js';
import type { Subscriber } from './requested-subscription.interface.js';
import { inMs, signToken } from './tokens.fixture.js';
import { TokenSource } from './token-source.interface.js';
import { TokenVerifier } from './token-verifier.interface.js';
import { TopicPolicy } from './topic-policy.interface.js';

const SECRET = 'a secret of at least thirty-two bytes';
const access = { secret: SECRET };
const bearer = (claims: object): string =>
  `Authorization: Bearer ${signToken('HS256', SECRET, claims)}`;

describe('NutsAuthGuard', () => {
  let hub: TestHub | undefined;
  beforeEach(() => void jest.spyOn(Logger.prototype, 'warn').mockImplementation());
  afterEach(() => hub?.close());

  it('lets everybody pass on an open hub, without a subscriber', async () => {
    hub = await startHub({});
    const { status, body } = await hub.get([bearer({ subscribe: '>' })]);
    expect(status).toBe(200);
    expect(body.requested?.topics).toEqual(['a']);
    expect(body).not.toHaveProperty('subscriber');
  });

  it('lets nobody pass where access is set but has no key', async () => {
    hub = await startHub({ access: {} });
    expect((await hub.get()).status).toBe(401);
    expect((await hub.get([bearer({ subscribe: '>' })])).status).toBe(500);
  });

  it('hands on who subscribes, and until when', async () => {
    hub = await startHub({ access });
    const exp = Math.ceil(inMs(60 * 86_400_000));
    const { body } = await hub.get([bearer({ sub: 'me', exp, subscribe: ['a', 'b.>'] })]);
    expect(body.subscriber).toEqual({
      subject: 'me',
      filters: ['a', 'b.>'],
      expiresAtMs: exp * 1000,
    });
  });

  describe('with an identity that another guard found', () => {
    const identify = async (identity: Subscriber, lines: string[] = []) => {
      hub = await startHub({ access });
      hub.identity = identity;
      return hub.get(lines);
    };

    it('asks for no token', async () => {
      const { status, body } = await identify({ subject: 'staff', filters: ['*'] });
      expect(status).toBe(200);
      expect(body.subscriber?.subject).toBe('staff');
    });

    it('does not look at the token, be it better or broken', async () => {
      const better = bearer({ subscribe: '>' });
      expect((await identify({ filters: ['b'] }, [better])).status).toBe(403);
      await hub?.close();
      expect((await identify({ filters: ['a'] }, ['Authorization: x'])).status).toBe(200);
    });

    it('bounds it by its own filters and its own end', async () => {
      expect((await identify({ filters: [] })).status).toBe(403);
      await hub?.close();
      expect((await identify({ filters: ['a', 'b..'] })).status).toBe(200);
      await hub?.close();
      expect((await identify({ filters: ['a'], expiresAtMs: Date.now() })).status).toBe(401);
    });

    it('bounds it on an open hub as well', async () => {
      hub = await startHub({});
      hub.identity = { filters: ['b'] };
      expect((await hub.get()).status).toBe(403);
    });
  });

  it('calls its hooks: a subclass decides where the token is and what it allows', async () => {
    @Injectable()
    class OwnGuard extends NutsAuthGuard {
      protected override extractToken(): string {
        return signToken('HS256', SECRET, { tenant: 't1', subscribe: 'ignored' });
      }

      protected override allows(subscriber: Subscriber): Promise<boolean> {
        return Promise.resolve(subscriber.filters.includes('ignored'));
      }
    }
    hub = await startHub({ access, guard: OwnGuard });
    expect((await hub.get()).status).toBe(200);
  });

  it('takes ports of the app in the place of its own', async () => {
    hub = await startHub({
      access,
      providers: [
        { provide: TokenSource, useValue: { extract: () => 'opaque' } },
        {
          provide: TokenVerifier,
          useValue: { verify: (token: string) => Promise.resolve({ claims: { token } }) },
        },
        {
          provide: TopicPolicy,
          useValue: {
            subscriberOf: ({ claims }: { claims: { token: string } }) => ({
              subject: claims.token,
              filters: [],
            }),
            allows: () => true,
          },
        },
      ],
    });
    expect((await hub.get()).body.subscriber?.subject).toBe('opaque');
  });

  it('lets the HttpException of a port through, and counts nothing', async () => {
    const allows = () => Promise.reject(new HttpException('Payment Required', 402));
    const subscriberOf = () => ({ filters: [] });
    hub = await startHub({
      access,
      providers: [{ provide: TopicPolicy, useValue: { allows, subscriberOf } }],
    });
    expect((await hub.get([bearer({})])).status).toBe(402);
    expect(hub.rejections).toEqual([]);
  });

  it('lets nobody pass when a port fails', async () => {
    const allows = () => Promise.reject(new Error('database away'));
    const subscriberOf = () => ({ filters: ['a'] });
    hub = await startHub({
      access,
      providers: [{ provide: TopicPolicy, useValue: { allows, subscriberOf } }],
    });
    expect((await hub.get([bearer({})])).status).toBe(500);
  });

  it('answers 503 while no key of a JWKS can be had', async () => {
    hub = await startHub({ access: { jwksUrl: 'http://127.0.0.1:1/jwks' } });
    const token = signToken('ES256', ec('P-256').privateKey, { subscribe: 'a' });
    const { status, body } = await hub.get([`Authorization: Bearer ${token}`]);
    expect(status).toBe(503);
    expect(body.message).toBe('Token keys not available');
  });
});
