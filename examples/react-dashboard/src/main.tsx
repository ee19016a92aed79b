import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from '@nuts/client';
import { NutsProvider } from '@nuts/client/react';
import { App } from './app.js';
import './style.css';

const service = new URLSearchParams(location.search).get('service') ?? 'http://localhost:8080';
const hub = connect(`${service}/plant`);
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <NutsProvider hub={hub}>
      <App services={`${service}/services`} />
    </NutsProvider>
  </StrictMode>,
);
