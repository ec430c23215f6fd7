import { setImmediate as nextTurn } from 'node:timers/promises';
import { SYSTEM } from '../changes/change.ts';
import { OverloadError } from '../shares/overload-error.ts';
import { ChangeQueues, MOST_WAITING } from './change-queues.ts';

describe('ChangeQueues', () => {
  /** A subject whose change succeeds only if nobody else has changed it since it was read. */
  function versioned() {
    const subject = { version: 0, attempts: 0 };
    const attempt = async (): Promise<number | undefined> => {
      subject.attempts += 1;
      const read = subject.version;
      await nextTurn();
      if (subject.version !== read) return undefined;
      return (subject.version += 1);
    };
    return { subject, attempt };
  }

  it('decides once for each of many concurrent changes, in their order', async () => {
    const queues = new ChangeQueues();
    const { subject, attempt } = versioned();

    const versions = await Promise.all(
      Array.from({ length: MOST_WAITING + 1 }, () => queues.change('a', { by: SYSTEM, attempt })),
    );

    expect(versions).toEqual(versions.map((_version, index) => index + 1));
    expect(subject.attempts).toBe(MOST_WAITING + 1);
  });

  it('decides again if another process was faster', async () => {
    const { subject, attempt } = versioned();
    const changed = new ChangeQueues().change('a', {
      by: SYSTEM,
      attempt: () => {
        const attempted = attempt();
        if (subject.attempts === 1) subject.version = 7;
        return attempted;
      },
    });

    expect(await changed).toBe(8);
    expect(subject.attempts).toBe(2);
  });

  it('refuses a change of a subject for which too many wait, and no change of another one', async () => {
    const queues = new ChangeQueues();
    const { subject, attempt } = versioned();
    const waiting = Array.from({ length: MOST_WAITING + 1 }, () => queues.change('a', { by: SYSTEM, attempt }));

    await expect(queues.change('a', { by: SYSTEM, attempt })).rejects.toThrow(OverloadError);
    await expect(queues.change('b', { by: SYSTEM, attempt: () => Promise.resolve('done') })).resolves.toBe('done');

    await Promise.all(waiting);
    expect(subject.version).toBe(MOST_WAITING + 1);
    await expect(queues.change('a', { by: SYSTEM, attempt })).resolves.toBe(MOST_WAITING + 2);
  });

  it.each(['leaves its place to the next one', 'changes nothing'])('a caller that has gone %s', async (what) => {
    const queues = new ChangeQueues();
    const { subject, attempt } = versioned();
    let left = false;
    const gone = { ...SYSTEM, hasGone: () => left };
    const first = queues.change('a', { by: SYSTEM, attempt });
    const outcome = queues.change('a', { by: gone, attempt }).catch((error: unknown) => error);
    const length = what.startsWith('leaves') ? MOST_WAITING - 1 : 1;
    const others = Array.from({ length }, () => queues.change('a', { by: SYSTEM, attempt }));
    left = true;
    const last = queues.change('a', { by: SYSTEM, attempt });

    expect(await Promise.all([first, ...others, last])).toHaveLength(length + 2);
    expect(await outcome).toBeInstanceOf(OverloadError);
    expect(subject.version).toBe(length + 2);
  });

  it('refuses a caller that may not change the subject before it waits', async () => {
    const queues = new ChangeQueues();
    const { subject, attempt } = versioned();
    const authorize = () => Promise.reject(new Error('unauthorized'));
    const first = queues.change('a', { by: SYSTEM, attempt });

    await expect(queues.change('a', { by: SYSTEM, attempt, authorize })).rejects.toThrow('unauthorized');

    expect(subject.version).toBe(0);
    await first;
    expect(subject.attempts).toBe(1);
  });

  it('continues with other work between two changes, and after a change that failed', async () => {
    const queues = new ChangeQueues();
    const order: string[] = [];
    const failing = queues.change('a', {
      by: SYSTEM,
      attempt: () => {
        setImmediate(() => order.push('other work'));
        return Promise.reject(new Error('refused'));
      },
    });
    const next = queues.change('a', { by: SYSTEM, attempt: () => Promise.resolve(order.push('next change')) });

    await expect(failing).rejects.toThrow('refused');
    await next;
    expect(order).toEqual(['other work', 'next change']);
  });
});
