import { Module } from '@nestjs/common';
import { NatsClients } from './nats-clients.service.js';
import { ConfigurableModuleClass } from './nats.module-definition.js';

/** Exports {@link NatsClients}: `NatsModule.register({})`, or `registerAsync`. */
@Module({ providers: [NatsClients], exports: [NatsClients] })
export class NatsModule extends ConfigurableModuleClass {}
