import { MAX_CLIENTS, MAX_SUBJECT_BYTES, type TopicPresence } from '@nuts/streaming';
import { isCount, isObject, isProcess, isText, readObject } from '../bus/read-message.js';

const LONGEST_QUESTION = 512 * 1024;
const LONGEST_NAME = 1024;
/** Topics of one question; more than any hub asks unless it sets no limit. */
const MOST_TOPICS = 10_000;
const MOST_STREAMS = 10_000_000;

/** Who listens to these topics in your process? */
export interface PresenceQuestion {
  readonly hub: string;
  readonly topics: readonly string[];
  /** The process of the fleet that asks. */
  readonly process?: string;
}

/** What one process knows. */
export interface PresenceAnswer {
  readonly process: string;
  readonly topics: Readonly<Record<string, TopicPresence>>;
}

/** Undefined for whatever is no such question. */
export function readQuestion(data: Uint8Array): PresenceQuestion | undefined {
  const { hub, topics, process } = readObject(data, LONGEST_QUESTION) ?? {};
  if (!isText(hub, LONGEST_NAME) || !Array.isArray(topics) || topics.length > MOST_TOPICS) {
    return undefined;
  }
  if (!topics.every((topic): topic is string => isText(topic, LONGEST_NAME))) return undefined;
  return { hub, topics, ...(isProcess(process) && { process }) };
}

/** Undefined for whatever is no answer; keeps nothing but what was asked for. */
export function readAnswer(
  data: Uint8Array,
  asked: readonly string[],
): { readonly process: string; readonly topics: Map<string, TopicPresence> } | undefined {
  const { process, topics } = readObject(data) ?? {};
  if (!isProcess(process) || !isObject(topics)) return undefined;
  const found = new Map<string, TopicPresence>();
  for (const topic of asked) {
    const presence = Object.hasOwn(topics, topic) ? readTopic(topics[topic]) : undefined;
    if (presence !== undefined) found.set(topic, presence);
  }
  return { process, topics: found };
}

function readTopic(value: unknown): TopicPresence | undefined {
  if (!isObject(value) || !isCount(value['streams'], MOST_STREAMS)) return undefined;
  const { streams, clients, more } = value;
  if (!Array.isArray(clients) || clients.length > MAX_CLIENTS) return undefined;
  const named = clients.flatMap((client: unknown) => {
    if (!isObject(client)) return [];
    const { subject, streams: held } = client;
    const isRight = isText(subject, MAX_SUBJECT_BYTES) && isCount(held, streams, 1);
    return isRight ? [{ subject, streams: held }] : [];
  });
  return { streams, clients: named, ...(more === true && { more }) };
}
