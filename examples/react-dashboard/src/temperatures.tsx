import type { ReactElement } from 'react';
import { useLast } from '@nuts/client/react';

/** The payload of a sensor. */
export interface Reading {
  readonly celsius: number;
}

/** The newest value of every machine: first the stored ones, then live ones. */
export function Temperatures({
  machine,
  choose,
}: {
  machine: string;
  choose: (machine: string) => void;
}): ReactElement {
  const last = useLast<Reading>('*.temperature');
  const machines = Object.entries(last).map(([topic, reading]) => ({
    name: topic.split('.')[0] ?? topic,
    celsius: reading?.celsius ?? NaN,
  }));
  machines.sort((a, b) => a.name.localeCompare(b.name));
  return (
    <section aria-labelledby="temperatures">
      <h2 id="temperatures">Temperatures</h2>
      <div className="tiles">
        {machines.map(({ name, celsius }) => (
          <button key={name} aria-pressed={name === machine} onClick={() => choose(name)}>
            <span>{name}</span>
            <strong>{celsius.toFixed(1)} °C</strong>
          </button>
        ))}
      </div>
    </section>
  );
}
