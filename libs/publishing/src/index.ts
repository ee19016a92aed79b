export type { PublishAnswer } from './publish.controller.js';
export { PublishingModule } from './publishing.module.js';
export type { PublishingModuleOptions } from './publishing.module-definition.js';
