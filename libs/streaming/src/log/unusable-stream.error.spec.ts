import type { StreamFacts } from '@nuts/nats';
import { UnusableStreamError } from './unusable-stream.error.js';

const facts = (changes: Partial<StreamFacts> = {}): StreamFacts =>
  ({
    name: 'EVENTS',
    subjects: ['events.>'],
    hasSources: false,
    retention: 'limits',
    lastSequence: 9,
    ...changes,
  }) as StreamFacts;
const hub = { stream: 'EVENTS', topicPrefix: 'events.' };
const bucket = { stream: 'KV_flags', topicPrefix: '$KV.flags.', kvBucket: 'flags' };

describe('a stream', () => {
  it('that is missing is named with its setting', () => {
    const error = UnusableStreamError.missing(hub);
    expect([error.name, error instanceof Error]).toEqual(['UnusableStreamError', true]);
    expect(error.message).toBe(
      'stream_name: there is no stream EVENTS on this NATS system. Create it, or correct stream_name (and nats_js_domain, if the stream is in a domain).',
    );
    expect(UnusableStreamError.missing(bucket).message).toBe(
      'kv_bucket: there is no bucket flags on this NATS system. Create it, or correct kv_bucket (and nats_js_domain, if the bucket is in a domain).',
    );
  });

  it.each<[string, Partial<StreamFacts>, string | undefined]>([
    ['with limits', {}, undefined],
    ['with interest', { retention: 'interest' }, undefined],
    ['below 2^53', { lastSequence: Number.MAX_SAFE_INTEGER - 1 }, undefined],
    ['that holds few of the subjects', { subjects: ['events.new'] }, undefined],
    ['of other inboxes', { subjects: ['_INBOX_other.>', '*.nuts'] }, undefined],
    [
      'that is a work queue',
      { retention: 'workqueue' },
      'stream_name: EVENTS has WorkQueue retention, so reading would remove messages that other consumers need. Name a stream with Limits retention.',
    ],
    [
      'from 2^53 on',
      { lastSequence: Number.MAX_SAFE_INTEGER },
      'stream_name: the sequences of EVENTS exceed 2^53, above which the service cannot represent them exactly. Name a stream whose first_seq is lower.',
    ],
    [
      'over the own inbox',
      { subjects: ['events.>', '_INBOX.nuts.*'] },
      "stream_name: EVENTS stores the subject _INBOX.nuts.*, which includes the service's own inbox _INBOX.>: each delivered message would be stored again. Give the stream narrower subjects (events.>), or set nats_inbox_prefix to one that the stream does not store.",
    ],
  ])('%s can be served, or the reason is told', (_what, changes, message) => {
    expect(UnusableStreamError.of(facts(changes), hub, '_INBOX')?.message).toBe(message);
  });

  it('of a client without an inbox of its own is not compared with it', () => {
    expect(UnusableStreamError.of(facts({ subjects: ['>'] }), hub)).toBeUndefined();
  });

  it('of a bucket stores its keys, or has sources', () => {
    const of = (subjects: string[], hasSources = false): string | undefined =>
      UnusableStreamError.of(facts({ subjects, hasSources }), bucket)?.message;
    expect([of(['$KV.flags.>']), of(['other'], true)]).toEqual([undefined, undefined]);
    expect(of(['$KV.other.>'])).toBe(
      'kv_bucket: the stream EVENTS stores no keys of the bucket flags, which are below $KV.flags. Name a bucket, or set stream_name instead.',
    );
  });
});
