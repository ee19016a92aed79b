/** Definition of a metric. `label` holds the closed set of its values; `hub` is set at run time. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** One series per hub; only for metrics that the original does not have (contract §8). */
  readonly perHub?: true;
  /** One series per entry of `services`. */
  readonly perService?: true;
  /** The only other label, with all its values: every series starts at 0. */
  readonly label?: { readonly name: string; readonly values: readonly string[] };
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
}
