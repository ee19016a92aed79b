import { MAX_CLIENTS, MAX_SUBJECT_BYTES, type TopicPresence } from '@nuts/streaming';
import { isCount, isObject, isProcess, isText, readObject } from '../bus/read-message.js';

const MAX_QUESTION_LENGTH = 512 * 1024;
const MAX_NAME_LENGTH = 1024;
/** Maximum topics per query; hubs request fewer unless they have no limit. */
const MAX_TOPICS = 10_000;
const MAX_STREAMS = 10_000_000;

/** Asks a process for the subscribers of topics. */
export interface PresenceQuestion {
  readonly hub: string;
  readonly topics: readonly string[];
  /** The requesting process of the fleet. */
  readonly process?: string;
}

/** The subscribers in one process. */
export interface PresenceAnswer {
  readonly process: string;
  readonly topics: Readonly<Record<string, TopicPresence>>;
}

/** Undefined for an invalid query. */
export function readQuestion(data: Uint8Array): PresenceQuestion | undefined {
  const { hub, topics, process } = readObject(data, MAX_QUESTION_LENGTH) ?? {};
  if (!isText(hub, MAX_NAME_LENGTH) || !Array.isArray(topics) || topics.length > MAX_TOPICS) {
    return undefined;
  }
  if (!topics.every((topic): topic is string => isText(topic, MAX_NAME_LENGTH))) return undefined;
  return { hub, topics, ...(isProcess(process) && { process }) };
}

/** Undefined for an invalid answer; ignores topics that were not requested. */
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
  if (!isObject(value) || !isCount(value['streams'], MAX_STREAMS)) return undefined;
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
