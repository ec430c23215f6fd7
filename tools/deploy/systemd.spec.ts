import { readFileSync } from 'node:fs';
import { STOP_LIMIT } from '../../apps/server/src/http/limits.ts';
import { ROOT } from '../docs/root.ts';
import { configured } from './accepted-settings.ts';

const unit = readFileSync(new URL('deploy/systemd/clientele.service', ROOT), 'utf8');

function valuesOf(name: string): string[] {
  return Array.from(unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm')), ([, value]) => value!);
}

describe('the systemd unit', () => {
  it('has settings that the server accepts, and stores the data in the only writable directory', () => {
    const settings = valuesOf('Environment').map((setting) => setting.split('=') as [string, string]);
    expect(configured(Object.fromEntries(settings)).dataDir).toBe(`/var/lib/${valuesOf('StateDirectory')[0]!}`);
    expect(valuesOf('ProtectSystem')).toEqual(['strict']);
  });

  it('reads the first API access token from a credential, so that no log contains it', () => {
    const [credential] = valuesOf('LoadCredential').map((value) => value.split(':')[0]);
    expect(valuesOf('Environment')).toContain(`BOOTSTRAP_ACCESS_TOKEN_FILE=%d/${credential!}`);
  });

  it('comes with a command that has its user, its data and its settings', () => {
    const command = readFileSync(new URL('deploy/systemd/clientele', ROOT), 'utf8');
    const settings = valuesOf('Environment').filter((setting) => !setting.includes('_FILE='));

    for (const setting of settings) expect(command).toContain(`--setenv=${setting} `);
    expect(command).toContain(`--property=EnvironmentFile=${valuesOf('EnvironmentFile')[0]!} `);
    expect(command).toContain(`--property=StateDirectory=${valuesOf('StateDirectory')[0]!} `);
    expect(command).toContain(`${valuesOf('WorkingDirectory')[0]!}/bin/clientele.mjs "$@"`);
  });

  it('starts main.js of the packaged folder, and gives the server enough time to stop', () => {
    expect(valuesOf('ExecStart')).toEqual([`/usr/bin/node ${valuesOf('WorkingDirectory')[0]!}/main.js`]);
    expect(Number(valuesOf('TimeoutStopSec')[0]) * 1000).toBeGreaterThan(STOP_LIMIT);
  });

  it('never gives up starting the server', () => {
    expect(valuesOf('Restart')).toEqual(['always']);
    expect(valuesOf('StartLimitIntervalSec')).toEqual(['0']);
  });
});
