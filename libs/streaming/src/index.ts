export type * from './hub/hub-options.interface.js';
