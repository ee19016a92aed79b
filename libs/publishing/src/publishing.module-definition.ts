import { ConfigurableModuleBuilder, type DynamicModule } from '@nestjs/common';

/** What the module needs to know. */
export interface PublishingModuleOptions {
  /** The application's `StreamingModule`, as it is imported there; not needed when that is global. */
  readonly streaming?: DynamicModule;
}

export const { ConfigurableModuleClass: ConfigurablePublishingModule } =
  new ConfigurableModuleBuilder()
    .setClassMethodName('forRoot')
    .setExtras<PublishingModuleOptions>({}, (definition, { streaming }) => ({
      ...definition,
      imports: [...(definition.imports ?? []), ...(streaming ? [streaming] : [])],
    }))
    .build();
