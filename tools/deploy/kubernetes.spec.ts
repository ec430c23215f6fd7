import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Deployment, StatefulSet, type IDeployment, type IStatefulSet } from 'kubernetes-models/apps/v1';
import { PodDisruptionBudget, type IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Secret, Service, type IService } from 'kubernetes-models/v1';
import ts from 'typescript';
import { parse } from 'yaml';
import { Config } from '../../apps/server/src/config/config.ts';
import { STOP_LIMIT } from '../../apps/server/src/http/limits.ts';
import { ServerProcess } from '../crash/server-process.ts';
import { ROOT } from '../docs/root.ts';
import { configured } from './accepted-settings.ts';
import { IMAGE_ENVIRONMENT, inImage } from './dockerfile.ts';

/** The models of the Kubernetes API, which check an object against its schema; the modules have its type. */
const MODELS = {
  Deployment: { model: Deployment, module: 'apps/v1' },
  StatefulSet: { model: StatefulSet, module: 'apps/v1' },
  PodDisruptionBudget: { model: PodDisruptionBudget, module: 'policy/v1' },
  Service: { model: Service, module: 'v1' },
  Secret: { model: Secret, module: 'v1' },
};

type Kind = keyof typeof MODELS;
type Manifest = { readonly kind: Kind } & object;
type Workload = IDeployment | IStatefulSet;

const FOLDER = fileURLToPath(new URL('deploy/kubernetes/', ROOT));
const KUSTOMIZATION = 'kustomization.yaml';

function manifestsOf(store: string): ReadonlyMap<string, Manifest> {
  const files = readdirSync(join(FOLDER, store)).filter((file) => file !== KUSTOMIZATION);
  return new Map(files.map((file) => [file, parse(readFileSync(join(FOLDER, store, file), 'utf8')) as Manifest]));
}

function ofKind(manifests: ReadonlyMap<string, Manifest>, ...kinds: readonly Kind[]): unknown {
  return [...manifests.values()].find(({ kind }) => kinds.includes(kind));
}

describe.each(['postgresql', 'sqlite'])('the manifests in deploy/kubernetes/%s', (store) => {
  const manifests = manifestsOf(store);
  const workload = ofKind(manifests, 'Deployment', 'StatefulSet') as Workload;
  const template = workload.spec!.template;
  const pod = template.spec!;
  const service = ofKind(manifests, 'Service') as IService;
  const containers = [...(pod.initContainers ?? []), ...pod.containers];
  const [server] = pod.containers;
  const environment = {
    ...IMAGE_ENVIRONMENT,
    ...Object.fromEntries(server!.env!.map(({ name, value }) => [name, value!])),
  };
  const config = configured(environment);
  const portNumber = (name: unknown): number | undefined =>
    server!.ports!.find((port) => port.name === name)?.containerPort;

  it('satisfy the schemas of Kubernetes', () => {
    for (const manifest of manifests.values()) {
      const { model: Model } = MODELS[manifest.kind];
      expect(() => {
        new Model(manifest as never).validate();
      }).not.toThrow();
    }
  });

  it('have no member that Kubernetes does not know', () => {
    expect(unknownMembers([...manifests.values()])).toEqual([]);
  });

  it('are all in the kustomization, but for what is an example', () => {
    const { resources, images } = parse(readFileSync(join(FOLDER, store, KUSTOMIZATION), 'utf8')) as {
      readonly resources: readonly string[];
      readonly images: readonly { readonly name: string }[];
    };

    expect([...resources].sort()).toEqual([...manifests.keys()].filter((file) => !file.includes('.example.')).sort());
    expect(new Set(containers.map(({ image }) => image))).toEqual(new Set(images.map(({ name }) => name)));
  });

  it('select the pods that they make', () => {
    const selectors = [
      workload.spec!.selector.matchLabels,
      service.spec!.selector,
      ...[...manifests.values()]
        .filter(({ kind }) => kind === 'PodDisruptionBudget')
        .map((budget) => (budget as IPodDisruptionBudget).spec!.selector!.matchLabels),
    ];
    for (const selector of selectors) expect(template.metadata!.labels).toMatchObject(selector!);
  });

  it('have settings that the server accepts, and the ports that it listens on', () => {
    expect(config.database.engine).toBe(store);
    expect(portNumber('http')).toBe(config.port);
    expect(portNumber('management')).toBe(config.managementPort);
    expect(service.spec!.ports!.map(({ targetPort }) => targetPort)).toEqual(['http']);
    for (const { env } of containers) expect(env).toEqual(server!.env);
  });

  it('run as the user of the image, and let it write what is kept and what is not, alone', () => {
    const [user, group] = inImage('USER')[0]!.split(':').map(Number);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: group,
      fsGroup: group,
    });
    for (const { securityContext, volumeMounts, resources } of containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(volumeMounts!.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath)).toEqual(
        store === 'sqlite' ? [config.dataDir, '/tmp'] : ['/tmp'],
      );
      expect(resources).toMatchObject({ requests: { memory: '256Mi' }, limits: { memory: '512Mi' } });
    }
    const claimed = (workload as IStatefulSet).spec!.volumeClaimTemplates ?? [];
    const volumes = [...(pod.volumes ?? []), ...claimed.map(({ metadata }) => ({ name: metadata!.name! }))];
    const mounted = new Set(containers.flatMap(({ volumeMounts }) => volumeMounts!.map(({ name }) => name)));
    expect(volumes.map(({ name }) => name).sort()).toEqual([...mounted].sort());
  });

  it('give the server longer to stop than it takes', () => {
    expect(pod.terminationGracePeriodSeconds! * 1000).toBeGreaterThan(config.shutdownDelay + STOP_LIMIT);
  });

  it('ask for the health of the server where it answers', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'clientele-kubernetes-'));
    const probes = [server!.startupProbe, server!.livenessProbe, server!.readinessProbe];
    const process = new ServerProcess({ DATA_DIR: dataDir });
    const { baseUrl } = await process.listening();
    for (const probe of probes) {
      const { path, port } = probe!.httpGet!;
      expect(portNumber(port)).toBe(config.managementPort);
      expect([path, (await fetch(`${baseUrl}${path!}`)).status]).toEqual([path, 200]);
    }
    expect(probes.map((probe) => probe!.httpGet!.path)).toEqual(['/health/live', '/health/live', '/health/ready']);
    await process.stop();
    rmSync(dataDir, { recursive: true });
  });
});

describe('the example of the secret', () => {
  const manifests = manifestsOf('postgresql');
  const { metadata, stringData } = ofKind(manifests, 'Secret') as {
    readonly metadata: { readonly name: string };
    readonly stringData: Readonly<Record<string, string>>;
  };
  const pod = (ofKind(manifests, 'Deployment') as IDeployment).spec!.template.spec!;

  it('has the keys that the pods read, under the name that they mount', () => {
    const mounted = pod.volumes!.filter(({ secret }) => secret).map(({ name, secret }) => [name, secret!.secretName]);
    expect(mounted).toEqual([['secrets', metadata.name]]);
    const { mountPath } = pod.containers[0]!.volumeMounts!.find(({ name }) => name === 'secrets')!;
    const read = pod.containers[0]!.env!.filter(({ name }) => name.endsWith('_FILE')).map(({ value }) => value);
    expect(read).toEqual(Object.keys(stringData).map((key) => `${mountPath}/${key}`));
  });

  it('has values of the form that the server accepts', () => {
    expect(() =>
      Config.from({ DATABASE_URL: stringData['database-url'], ENCRYPTION_KEY: stringData['encryption-key'] }),
    ).not.toThrow();
  });
});

/** What the compiler says of manifests as literals of the types of the Kubernetes API, which refuse other members. */
function unknownMembers(manifests: readonly Manifest[]): string[] {
  // Below this file, since modules are looked for from there.
  const folder = mkdtempSync(join(import.meta.dirname, '.kubernetes-'));
  try {
    const files = manifests.map((manifest, index) => {
      const path = join(folder, `${index}.mts`);
      const { module } = MODELS[manifest.kind];
      writeFileSync(
        path,
        `import type { I${manifest.kind} } from 'kubernetes-models/${module}';
         export const manifest: I${manifest.kind} = ${JSON.stringify(manifest)};`,
      );
      return path;
    });
    const program = ts.createProgram(files, {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
