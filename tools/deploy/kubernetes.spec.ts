import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { Config } from '../../apps/server/src/config/config.ts';
import { STOP_LIMIT } from '../../apps/server/src/http/limits.ts';
import { ROOT } from '../docs/root.ts';
import { configured } from './accepted-settings.ts';
import { IMAGE_ENVIRONMENT, instructions } from './dockerfile.ts';

type Labels = Readonly<Record<string, string>>;

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Container {
  readonly image: string;
  readonly envFrom: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext: object;
  readonly resources: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}

interface Pod {
  readonly containers: readonly [Container];
  readonly initContainers?: readonly Container[];
  readonly volumes: readonly { readonly name: string; readonly secret?: { readonly secretName: string } }[];
  readonly securityContext: object;
  readonly terminationGracePeriodSeconds: number;
}

interface Workload {
  readonly selector: { readonly matchLabels: Labels };
  readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: Pod };
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
}

function read(store: string, file: string): unknown {
  return parse(readFileSync(new URL(`deploy/kubernetes/${store}/${file}`, ROOT), 'utf8'));
}

describe.each([
  ['postgresql', 'deployment.yaml'],
  ['sqlite', 'stateful-set.yaml'],
])('the manifests in deploy/kubernetes/%s', (store, file) => {
  const { spec: workload } = read(store, file) as { readonly spec: Workload };
  const { metadata, spec: pod } = workload.template;
  const [server] = pod.containers;
  const containers = [...(pod.initContainers ?? []), server];
  const example = readFileSync(new URL(`deploy/kubernetes/${store}/clientele.example.env`, ROOT), 'utf8');
  const exampleSettings = Array.from(example.matchAll(/^(\w+)=(.*)$/gm), ([, name = '', value = '']) => [name, value]);
  const config = configured({
    ...IMAGE_ENVIRONMENT,
    ...(Object.fromEntries(exampleSettings) as Record<string, string>),
    ...Object.fromEntries(server.env.map(({ name, value }) => [name, value])),
  });

  it('are all in the kustomization, apart from the example', () => {
    const { resources, images } = read(store, 'kustomization.yaml') as {
      readonly resources: readonly string[];
      readonly images: readonly { readonly name: string }[];
    };
    const files = readdirSync(new URL(`deploy/kubernetes/${store}/`, ROOT));

    expect([...resources, 'kustomization.yaml'].sort()).toEqual(
      files.filter((each) => each.endsWith('.yaml') && !each.includes('.example.')),
    );
    expect(new Set(containers.map(({ image }) => image))).toEqual(new Set(images.map(({ name }) => name)));
  });

  it('take the address and the proxies from a file that must be created', () => {
    const { configMapGenerator } = read(store, 'kustomization.yaml') as { readonly configMapGenerator: unknown };

    expect(configMapGenerator).toEqual([{ name: 'clientele', envs: ['clientele.env'] }]);
    for (const { envFrom } of containers) expect(envFrom).toEqual([{ configMapRef: { name: 'clientele' } }]);
    expect(exampleSettings.map(([name]) => name)).toEqual(['BASE_URL', 'TRUSTED_PROXIES']);
    expect(readFileSync(new URL('.gitignore', ROOT), 'utf8')).toMatch(/^clientele\.env$/m);
  });

  it('read the first API access token from a secret, so that no log contains it', () => {
    const [, key] = /([^/]+)$/.exec(server.env.find(({ name }) => name === 'BOOTSTRAP_ACCESS_TOKEN_FILE')!.value)!;

    expect(pod.volumes).toContainEqual(
      expect.objectContaining({ secret: expect.objectContaining({ secretName: 'clientele' }) as unknown }),
    );
    expect(readFileSync(new URL('docs/deploy.md', ROOT), 'utf8')).toContain(`--from-file=${key!}=secrets/`);
  });

  it('select the pods that they create', () => {
    const service = read(store, 'service.yaml') as {
      readonly spec: { readonly selector: Labels; readonly ports: readonly object[] };
    };

    expect(workload.selector.matchLabels).toEqual(metadata.labels);
    expect(service.spec.selector).toEqual(metadata.labels);
    expect(service.spec.ports).toEqual([expect.objectContaining({ targetPort: 'http' })]);
    if (store === 'sqlite') return;
    const budget = read(store, 'pod-disruption-budget.yaml') as { readonly spec: Workload };
    expect(budget.spec.selector.matchLabels).toEqual(metadata.labels);
  });

  it('have settings that the server accepts, and its ports', () => {
    expect(config.database.engine).toBe(store);
    expect(server.ports).toEqual([
      { name: 'http', containerPort: config.port },
      { name: 'management', containerPort: config.managementPort },
    ]);
    for (const { env } of containers) expect(env).toEqual(server.env);
  });

  it('run as the user of the image, with the least privileges', () => {
    const [user, group] = instructions('USER')[0]!.split(':').map(Number);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: group,
      fsGroup: group,
    });
    for (const { securityContext, resources } of containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(resources).toMatchObject({ requests: { memory: '256Mi' }, limits: { memory: '512Mi' } });
    }
  });

  it('mount every volume, and only the data and /tmp writable', () => {
    const mounts = containers.flatMap(({ volumeMounts }) => volumeMounts);
    const claimed = (workload.volumeClaimTemplates ?? []).map(({ metadata: { name } }) => name);
    const volumes = [...claimed, ...pod.volumes.map(({ name }) => name)];
    expect(new Set(mounts.map(({ name }) => name))).toEqual(new Set(volumes));

    const writable = mounts.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath);
    expect(new Set(writable)).toEqual(new Set(store === 'sqlite' ? [config.dataDir, '/tmp'] : ['/tmp']));
  });

  it('give the server enough time to stop', () => {
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(config.shutdownDelay + STOP_LIMIT);
  });

  it('ask for the health of the server on the management port', () => {
    const probes = [server.startupProbe, server.livenessProbe, server.readinessProbe].map(({ httpGet }) => httpGet);
    expect(probes).toEqual(
      ['/health/live', '/health/live', '/health/ready'].map((path) => ({ path, port: 'management' })),
    );
  });
});

describe('secret.example.yaml', () => {
  const { metadata, stringData } = read('postgresql', 'secret.example.yaml') as {
    readonly metadata: { readonly name: string };
    readonly stringData: Labels;
  };
  const { spec: workload } = read('postgresql', 'deployment.yaml') as { readonly spec: Workload };
  const { volumes, containers } = workload.template.spec;

  it('has the name that the pods mount, and the keys that they read', () => {
    const secrets = volumes.find(({ name }) => name === 'secrets');
    expect(secrets).toMatchObject({ secret: { secretName: metadata.name } });
    const { mountPath } = containers[0].volumeMounts.find(({ name }) => name === 'secrets')!;
    const paths = containers[0].env.filter(({ name }) => name.endsWith('_FILE')).map(({ value }) => value);
    expect(paths).toEqual(Object.keys(stringData).map((key) => `${mountPath}/${key}`));
  });

  it('has values that the server accepts', () => {
    expect(() =>
      Config.from({
        BOOTSTRAP_ACCESS_TOKEN: stringData['access-token'],
        DATABASE_URL: stringData['database-url'],
        ENCRYPTION_KEY: stringData['encryption-key'],
      }),
    ).not.toThrow();
  });
});
