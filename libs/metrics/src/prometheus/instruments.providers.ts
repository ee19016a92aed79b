import type { FactoryProvider, Provider } from '@nestjs/common';
import {
  getToken,
  makeCounterProvider,
  makeGaugeProvider,
  makeHistogramProvider,
} from '@willsoto/nestjs-prometheus';
import type { Gauge, Registry } from 'prom-client';
import {
  definitionOf,
  METRIC_NAMES,
  type GaugeName,
  type MetricName,
} from '../metric-catalogue.js';
import { METRICS_REGISTRY } from '../metrics-registry.js';
import { type HubReadings, HubReadingsStore } from './hub-readings.service.js';
import { Instruments } from './instruments.js';

const READING_OF: Record<GaugeName, (readings: HubReadings) => number> = {
  nuts_active_connections: (readings) => readings.connections,
  nuts_shared_subscriptions: (readings) => readings.sharedSubscriptions,
  nuts_window_messages: (readings) => readings.windowMessages,
  nuts_window_bytes: (readings) => readings.windowBytes,
  nuts_last_values_messages: (readings) => readings.lastValuesMessages,
  nuts_last_values_bytes: (readings) => readings.lastValuesBytes,
  nuts_replay_consumers: (readings) => readings.replayConsumers,
  nuts_replays_waiting: (readings) => readings.replaysWaiting,
};

/** Incremented too often for prom-client's label lookup. */
const TALLIED: ReadonlySet<MetricName> = new Set([
  'nuts_sent_bytes_total',
  'nuts_sent_plain_bytes_total',
]);

const isGauge = (name: MetricName): name is GaugeName => definitionOf(name).type === 'gauge';

/** Copies the hubs' readings into a gauge: a sum for the original's metrics, a series per hub for ours. */
function readInto(gauge: Gauge, name: GaugeName, store: HubReadingsStore): void {
  const read = READING_OF[name];
  gauge.reset();
  if (definitionOf(name).perHub) {
    for (const readings of store.all()) gauge.set({ hub: readings.hub }, read(readings));
    return;
  }
  let sum = 0;
  for (const readings of store.all()) sum += read(readings);
  gauge.set(sum);
}

function makeProvider(name: MetricName, registry: Registry, store: HubReadingsStore): Provider {
  const { type, help, perHub, perService, label, buckets } = definitionOf(name);
  const owner = perHub ? ['hub'] : perService ? ['service'] : [];
  const labelNames = [...owner, ...(label ? [label.name] : [])];
  const configuration = { name, help, labelNames, registers: [registry] };
  if (isGauge(name)) {
    return makeGaugeProvider({
      ...configuration,
      collect(this: Gauge) {
        readInto(this, name, store);
      },
    });
  }
  if (type === 'histogram') {
    return makeHistogramProvider({ ...configuration, buckets: [...(buckets ?? [])] });
  }
  if (!TALLIED.has(name)) return makeCounterProvider(configuration);
  return makeCounterProvider({
    ...configuration,
    collect: () => {
      for (const readings of store.all()) readings.settle();
    },
  });
}

/**
 * The library's provider gets its registries when the module is declared, once per process. Ours are known
 * when the container is built, once per application. Therefore the library's factory runs inside this one.
 */
function provideInstrument(name: MetricName): FactoryProvider {
  return {
    provide: getToken(name),
    inject: [METRICS_REGISTRY, HubReadingsStore],
    useFactory: (registry: Registry, store: HubReadingsStore): unknown => {
      const provider = makeProvider(name, registry, store) as FactoryProvider<unknown>;
      return provider.useFactory();
    },
  };
}

/** All metrics of the catalogue, each with the injection token of `@InjectMetric(name)`. */
export const instrumentProviders: Provider[] = [
  ...METRIC_NAMES.map(provideInstrument),
  {
    provide: Instruments,
    inject: METRIC_NAMES.map((name) => getToken(name)),
    useFactory: (...metrics: unknown[]) =>
      new Instruments(new Map(METRIC_NAMES.map((name, index) => [name, metrics[index]]))),
  },
];
