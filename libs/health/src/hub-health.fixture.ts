import type { HubHealth, UnreadyCause } from './hub-health.interface.js';

/** A healthy hub. */
export function hub({ name = '/events', details = false } = {}): HubHealth {
  return {
    name,
    path: name,
    probes: { healthPath: '/healthz', livePath: '/livez', readyPath: '/readyz', details },
    nats: {
      status: 'connected',
      server: { version: '2.15.2', name: 'n1', cluster: 'c1', domain: 'hub' },
    },
    stream: {
      name: 'EVENTS',
      subjects: ['events.>'],
      hasSources: false,
      firstSequence: 5,
      lastSequence: 7,
      lastTimeNanos: 1n,
      created: '2026-01-01T00:00:00Z',
      retention: 'limits',
      storage: 'file',
      replicas: 1,
      messages: 3,
      bytes: 300,
      consumers: 1,
      maxMessages: -1,
      maxBytes: -1,
      maxAgeSeconds: 3600,
      maxConsumers: -1,
      allowDirect: true,
      maxMessagesPerSubject: -1,
      appliesRollups: false,
      appliesMessageTtl: false,
    },
    ready: true,
    wasReady: true,
  };
}

/** A hub that was ready but no longer is. */
export function outage(cause: UnreadyCause, name?: string): HubHealth {
  return {
    ...hub({ ...(name !== undefined && { name }) }),
    ...(cause === 'nats_disconnected' && { nats: { status: 'disconnected' } }),
    ready: false,
    cause,
  };
}

export function starting(): HubHealth {
  const { stream: _unknown, ...rest } = hub();
  return {
    ...rest,
    nats: { status: 'connecting' },
    ready: false,
    wasReady: false,
    cause: 'starting',
  };
}

export function draining(): HubHealth {
  return { ...hub(), ready: false, cause: 'draining' };
}
