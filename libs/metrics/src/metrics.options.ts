/** Options of `MetricsModule.forRoot`. */
export class MetricsModuleOptions {
  /** Also collect prom-client's process and Node.js metrics (`process_…`, `nodejs_…`). */
  defaultMetrics?: boolean = false;
}

/** Options of the module itself; the same for `forRoot` and `forRootAsync`. */
export interface MetricsModuleExtras {
  /** Route of the scrape. Default `/metrics`. */
  path?: string;
  /** `false` omits the route: serve `MetricsExposition` elsewhere. Default true. */
  controller?: boolean;
  /** Default true. */
  isGlobal?: boolean;
}
