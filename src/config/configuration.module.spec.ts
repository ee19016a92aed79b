import { ConfigService } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { ConfigurationModule, PROCESS_OPTIONS } from './configuration.module.js';
import { MINIMAL, loadEnvironment, variables } from './loading.fixture.js';

describe('ConfigurationModule', () => {
  it('provides the options by token and by ConfigService, separately in two applications', async () => {
    const before = { ...process.env };
    const all = [1111, 2222].map((port) =>
      loadEnvironment({ ...variables(MINIMAL), PORT: `${port}` }),
    );
    const apps = await Promise.all(
      all.map((options) =>
        Test.createTestingModule({ imports: [ConfigurationModule.forRoot(options)] }).compile(),
      ),
    );
    for (const [index, app] of apps.entries()) {
      expect(app.get(PROCESS_OPTIONS)).toBe(all[index]);
      expect(app.get(ConfigService).get('nuts.port')).toBe(all[index]?.port);
      expect(app.get(ConfigService).get('nuts.hubs')).toEqual(all[index]?.hubs);
      await app.close();
    }
    expect({ ...process.env }).toEqual(before);
  });
});
