import { definitionOf, METRIC_NAMES, type MetricName } from '@nuts/metrics';

const HISTOGRAM_SUFFIX = /_(bucket|sum|count)$/;

function isKnown(series: string): boolean {
  const known = (name: string): name is MetricName => METRIC_NAMES.includes(name as MetricName);
  if (known(series)) return definitionOf(series).type !== 'histogram';
  const base = series.replace(HISTOGRAM_SUFFIX, '');
  return base !== series && known(base) && definitionOf(base).type === 'histogram';
}

/**
 * The series of ours that a text speaks of, and which of them the service does not have. Prose may
 * call a histogram by its name; a query may not, since no such series exists.
 */
export function seriesIn(text: string, prose = false): { all: string[]; unknown: string[] } {
  const all = [...new Set(text.match(/\bnuts_[a-z_]+/g) ?? [])];
  return {
    all,
    unknown: all.filter(
      (series) => !isKnown(series) && !(prose && METRIC_NAMES.includes(series as MetricName)),
    ),
  };
}

/** Matchers of a closed label, `name{label="value"}`, whose value the service never sends. */
export function unknownValuesIn(text: string): string[] {
  return [...text.matchAll(/\b(nuts_[a-z_]+)\{([^}]*)\}/g)].flatMap(
    ([, series = '', matchers = '']) =>
      [...matchers.matchAll(/(\w+)\s*(=~?)\s*"([^"]*)"/g)].flatMap(
        ([, label, operator, value = '']) => {
          const name = series.replace(HISTOGRAM_SUFFIX, '') as MetricName;
          const closed = METRIC_NAMES.includes(name) ? definitionOf(name).label : undefined;
          if (closed === undefined || closed.name !== label) return [];
          const accepts = new RegExp(operator === '=~' ? `^(?:${value})$` : `^${value}$`);
          return closed.values.some((known) => accepts.test(known))
            ? []
            : [`${series}{${label}="${value}"}`];
        },
      ),
  );
}
