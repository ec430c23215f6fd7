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

  it('starts main.js of the packaged folder, and gives the server enough time to stop', () => {
    expect(valuesOf('ExecStart')).toEqual([`/usr/bin/node ${valuesOf('WorkingDirectory')[0]!}/main.js`]);
    expect(Number(valuesOf('TimeoutStopSec')[0]) * 1000).toBeGreaterThan(STOP_LIMIT);
  });

  it('never gives up starting the server', () => {
    expect(valuesOf('Restart')).toEqual(['always']);
    expect(valuesOf('StartLimitIntervalSec')).toEqual(['0']);
  });
});
