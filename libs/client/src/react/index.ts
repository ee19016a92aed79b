'use client';

export type { AskSnapshot } from './ask-source.js';
export type { LastPayloads } from './last-source.js';
export { NutsProvider, type NutsProviderProps } from './nuts-provider.js';
export type { TopicSnapshot } from './topic-source.js';
export { type Asking, useAsk, type UseAskOptions } from './use-ask.js';
export { useHub } from './use-hub.js';
export { useHubState } from './use-hub-state.js';
export { useLast, type UseLastOptions } from './use-last.js';
export { useTopic, type UseTopicOptions } from './use-topic.js';
