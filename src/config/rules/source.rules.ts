import { HUB_SETTINGS } from '../definitions/hub.settings.js';
import type { HubRule } from './rule.interface.js';

/** A hub serves either a stream or a bucket. */
export const oneSource: HubRule = (hub) => {
  const { nameOf } = hub;
  const hasBucket = hub.given('kv_bucket');
  if (hub.given('stream_name')) {
    if (!hasBucket) return [];
    const text = `cannot be combined with ${nameOf('stream_name')}: a hub serves either a bucket or a stream`;
    return [hub.issue('kv_bucket', text)];
  }
  if (hasBucket) return [];
  const { allowed } = HUB_SETTINGS.stream_name.kind;
  const text = `is not set, nor is ${nameOf('kv_bucket')}: set one of them; allowed: ${allowed}`;
  return [hub.issue('stream_name', text)];
};

/** The subjects of keys start with the bucket's name. */
export const bucketNamesPrefix: HubRule = (hub) =>
  hub.given('kv_bucket') && hub.given('topic_prefix')
    ? [
        hub.issue(
          'topic_prefix',
          `cannot be combined with ${hub.nameOf('kv_bucket')}: the topics of a bucket are its keys`,
        ),
      ]
    : [];
