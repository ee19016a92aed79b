import { useState, type ReactElement } from 'react';
import { useHubState } from '@nuts/client/react';
import { Chart } from './chart.js';
import { Notes } from './notes.js';
import { Report } from './report.js';
import { Temperatures } from './temperatures.js';

/** The dashboard: one connection for all subscriptions, and one request per report. */
export function App({ services }: { services: string }): ReactElement {
  const [machine, setMachine] = useState('press');
  const { name } = useHubState();
  return (
    <main>
      <header>
        <h1>Plant</h1>
        <output className="state" data-state={name}>
          {name}
        </output>
      </header>
      <Temperatures machine={machine} choose={setMachine} />
      <Chart machine={machine} />
      <Report services={services} />
      <Notes />
    </main>
  );
}
