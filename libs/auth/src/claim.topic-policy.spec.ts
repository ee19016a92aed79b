import { ClaimTopicPolicy } from './claim.topic-policy.js';

const HUB = { name: 'main', path: '/events' };
const policy = new ClaimTopicPolicy();

describe('ClaimTopicPolicy', () => {
  it('reads subscribe when no action is told', () => {
    expect(policy.subscriberOf({ claims: { subscribe: 'a' } })).toStrictEqual({ filters: ['a'] });
    expect(() => policy.subscriberOf({ claims: { publish: 'a' } })).toThrow('claim_subscribe');
    const subscription = { hub: HUB, topics: ['a'] };
    expect(policy.allows({ filters: ['a'] }, subscription)).toBe(true);
    expect(policy.allows({ filters: [], publish: ['a'] }, subscription)).toBe(false);
  });

  it('hands on subject and expiry', () => {
    const token = { claims: { subscribe: ['a', 'b'] }, subject: 'me', expiresAtMs: 7 };
    expect(policy.subscriberOf(token)).toStrictEqual({
      filters: ['a', 'b'],
      subject: 'me',
      expiresAtMs: 7,
    });
  });

  it('gives no right but the one that is asked for', () => {
    const requested = { action: 'publish', hub: HUB, topics: ['a'] } as const;
    expect(policy.subscriberOf({ claims: { subscribe: 'a' } }, requested)).toStrictEqual({
      filters: [],
    });
    expect(
      policy.subscriberOf({ claims: { subscribe: 'a', publish: 'b' } }, requested),
    ).toStrictEqual({ filters: [], publish: ['b'] });
    expect(() => policy.subscriberOf({ claims: { publish: 7 } }, requested)).toThrow(
      'claim_publish',
    );
  });

  it('ignores a malformed filter beside good ones', () => {
    const requested = { hub: HUB, topics: ['a'] };
    expect(policy.allows({ filters: ['b..', 'a'] }, requested)).toBe(true);
    expect(policy.allows({ filters: ['b..'] }, requested)).toBe(false);
  });
});
