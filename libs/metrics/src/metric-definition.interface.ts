/** What a metric is. `labels` holds the closed set of each label; `hub` is filled in at run time. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** One series for each hub. Only names that the original does not have (contract §8). */
  readonly perHub?: true;
  /** One series for each entry of `services`. */
  readonly perService?: true;
  /** The only other label a metric has here, with all its values: every series starts at 0. */
  readonly label?: { readonly name: string; readonly values: readonly string[] };
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
}
