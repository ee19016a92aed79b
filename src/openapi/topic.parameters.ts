import type { OpenAPIObject } from '@nestjs/swagger';
import type { HubOptions } from '@nuts/streaming';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
export type Parameters = NonNullable<Operation['parameters']>;

const TOPIC = {
  description: 'A topic: A-Z a-z 0-9 . _ -, at most 256 bytes.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$', maxLength: 256 },
  example: 'orders.new',
} as const;

const KEY = {
  description: 'A key: A-Z a-z 0-9 . _ - / =, at most 256 bytes.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_/=-]+(\\.[A-Za-z0-9_/=-]+)*$', maxLength: 256 },
  example: 'dark-mode',
} as const;

type Topic = typeof TOPIC | typeof KEY;

/** A topic of a hub; in a hub over a bucket, a key. */
export function topicOf({ kvBucket }: HubOptions): Topic {
  return kvBucket === undefined ? TOPIC : KEY;
}

export function inPath(topic: Topic): Parameters[number] {
  return {
    ...topic,
    name: 'topic',
    in: 'path',
    required: true,
    description: `${topic.description} Slashes may stand for its dots.`,
  };
}

export function inQuery({ schema, example }: Topic): Parameters[number] {
  return {
    name: 'topic',
    in: 'query',
    required: true,
    description: 'The topic.',
    schema,
    example,
  };
}

/** Several topics, of which at least one is required. */
export function severalInQuery(topic: Topic): Parameters[number] {
  return {
    ...inQuery(topic),
    description: 'Topics. Repeat the parameter for several topics.',
    schema: { type: 'array', items: topic.schema },
    explode: true,
    example: [topic.example],
  };
}
