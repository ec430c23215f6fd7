import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** A call of a function of hash-wasm. */
export interface HashCall {
  readonly name: 'argon2id' | 'argon2i' | 'bcryptVerify';
  readonly options: object;
}

type Reply = { readonly id: number } & ({ readonly result: unknown } | { readonly error: string });

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A text, because a worker of Node 20 cannot load TypeScript, and tests run the sources. */
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const functions = require(workerData);
  parentPort.on('message', async ({ id, name, options }) => {
    try {
      parentPort.postMessage({ id, result: await functions[name](options) });
    } catch (error) {
      parentPort.postMessage({ id, error: error.message });
    }
  });`;

/** Calls the slow functions of hash-wasm in another thread, which starts with the first call. */
export class HashWorker {
  private worker: Worker | undefined;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;

  call({ name, options }: HashCall): Promise<unknown> {
    const worker = (this.worker ??= this.start());
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      worker.postMessage({ id, name, options });
    });
  }

  async stop(): Promise<void> {
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(PROGRAM, {
      eval: true,
      workerData: createRequire(import.meta.url).resolve('hash-wasm'),
    });
    // It must not keep the process alive.
    worker.unref();
    worker.on('message', (reply: Reply) => {
      const pending = this.pending.get(reply.id);
      this.pending.delete(reply.id);
      if ('result' in reply) pending?.resolve(reply.result);
      else pending?.reject(new Error(reply.error));
    });
    worker.on('error', (error) => {
      this.end(error);
    });
    worker.on('exit', () => {
      this.end(new Error('The thread that verifies hashes of secrets has ended.'));
    });
    return worker;
  }

  /** Fails all calls in progress. The next call starts another thread. */
  private end(error: Error): void {
    this.worker = undefined;
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }
}
