import { ConfigurableModuleBuilder, type DynamicModule } from '@nestjs/common';

/** Options of `PublishingModule`. */
export interface PublishingModuleOptions {
  /** The application's `StreamingModule`, as imported there; not needed if it is global. */
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
