import { Inject, Injectable, Optional } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { type ServiceOptions, ServiceRegistry } from '@nuts/requests';
import { HUB_DIRECTORY, type HubDirectory, type HubOptions } from '@nuts/streaming';
import type { ConsoleConfig, ConsoleHub, ConsoleService } from './console-config.interface.js';

/** Reads the page's configuration from the application's current hubs and services. */
@Injectable()
export class ConsoleConfigSource {
  constructor(
    private readonly application: ApplicationConfig,
    @Inject(HUB_DIRECTORY) private readonly hubs: HubDirectory,
    @Optional() private readonly services?: ServiceRegistry,
  ) {}

  /** @param path the console's path, without the global prefix */
  read(path: string): ConsoleConfig {
    const prefix = this.application
      .getGlobalPrefix()
      .replace(/^\/*(?=.)/, '/')
      .replace(/\/+$/, '');
    return {
      path: prefix + path,
      hubs: this.hubs.hubs().map(({ options }) => describeHub(options, prefix)),
      services: (this.services?.services() ?? []).map(({ options }) =>
        describeService(options, prefix),
      ),
    };
  }
}

// Copied field by field, so that future options do not become public by accident.
function describeHub(options: HubOptions, prefix: string): ConsoleHub {
  const { path, allowWildcards, access, publish, maxTopics, heartbeatMs, format } = options;
  return {
    path: prefix + path,
    wildcards: allowWildcards,
    needsToken: access !== undefined,
    publish: publish !== undefined,
    ...(maxTopics === undefined ? {} : { maxTopics }),
    heartbeatMs,
    eventType: format.eventType.from,
    eventIdFormat: format.eventId,
    payloadFormat: format.payload,
  };
}

function describeService({ path, access }: ServiceOptions, prefix: string): ConsoleService {
  return { path: prefix + path, needsToken: access !== undefined };
}
