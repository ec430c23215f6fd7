import type { ContenderName, Engine } from './contenders.ts';
import type { Workload } from './workload.ts';

/** What takes turns: contenders under the same load. */
export interface Cell {
  readonly engine: Engine;
  readonly workload: Workload;
  readonly connections: number;
  readonly contenders: readonly ContenderName[];
}

/** Where everything is compared. */
const CONNECTIONS = 64;

/** How it goes with fewer and with more: only ours, and the floor. */
const OTHER_CONNECTIONS = [1, 16, 256];

const SQLITE: Readonly<Record<Workload, readonly ContenderName[]>> = {
  update: [
    'Clientele',
    'Clientele, protocol plane',
    'bare Fastify',
    'one transaction each',
    'oidc-provider',
    'oidc-provider, rotating',
  ],
  get: ['Clientele', 'Clientele, protocol plane', 'bare Fastify', 'oidc-provider'],
  register: ['Clientele', 'Clientele, protocol plane', 'bare Fastify', 'oidc-provider'],
  delete: ['Clientele', 'bare Fastify', 'oidc-provider'],
  mixed: ['Clientele', 'bare Fastify', 'oidc-provider'],
};

const POSTGRESQL: Readonly<Record<Workload, readonly ContenderName[]>> = {
  update: [
    'Clientele on PostgreSQL',
    'Clientele on PostgreSQL, 2 processes',
    'bare Fastify, one statement',
    'bare updates, no HTTP',
  ],
  get: ['Clientele on PostgreSQL', 'Clientele on PostgreSQL, 2 processes', 'bare Fastify, one statement'],
  register: ['Clientele on PostgreSQL', 'bare Fastify, one statement'],
  delete: ['Clientele on PostgreSQL', 'bare Fastify, one statement'],
  mixed: ['Clientele on PostgreSQL', 'Clientele on PostgreSQL, 2 processes', 'bare Fastify, one statement'],
};

const SWEPT: readonly Workload[] = ['update', 'get', 'register'];

/** Not every contender under every load, which would take hours: what a target or a decision hangs on. */
export const PLAN: readonly Cell[] = [
  ...cells('sqlite', SQLITE),
  ...OTHER_CONNECTIONS.flatMap((connections) =>
    SWEPT.map((workload) => cell('sqlite', workload, connections, ['Clientele', 'bare Fastify'])),
  ),
  ...cells('postgresql', POSTGRESQL),
  ...OTHER_CONNECTIONS.map((connections) =>
    cell('postgresql', 'update', connections, ['Clientele on PostgreSQL', 'bare Fastify, one statement']),
  ),
];

/** Every contender once under every load that it is for, with few connections: whether all of it runs. */
export const SMOKE_PLAN: readonly Cell[] = PLAN.filter(({ connections }) => connections === CONNECTIONS).map(
  (each) => ({
    ...each,
    connections: 2,
  }),
);

function cells(engine: Engine, contenders: Readonly<Record<Workload, readonly ContenderName[]>>): Cell[] {
  return (Object.keys(contenders) as Workload[]).map((workload) =>
    cell(engine, workload, CONNECTIONS, contenders[workload]),
  );
}

function cell(engine: Engine, workload: Workload, connections: number, contenders: readonly ContenderName[]): Cell {
  return { engine, workload, connections, contenders };
}
