import { Budget } from './budget.ts';

describe('a budget', () => {
  it('gives each caller a part, and all callers the total', () => {
    const budget = new Budget(10, 4);

    expect(budget.take('a', 5)).toBeUndefined();
    expect(budget.take('a', 4)).toBeDefined();
    expect(budget.take('a', 1)).toBeUndefined();
    expect(budget.take('b', 4)).toBeDefined();
    expect(budget.take('c', 3)).toBeUndefined();
    expect(budget.take('c', 2)).toBeDefined();
  });

  it('gives a caller without a name everything that is left', () => {
    const budget = new Budget(10, 4);

    expect(budget.take('a', 4)).toBeDefined();
    expect(budget.take(undefined, 4)).toBeDefined();
    expect(budget.take(undefined, 2)).toBeDefined();
    expect(budget.take(undefined, 1)).toBeUndefined();
  });

  it('takes an amount back once', () => {
    const budget = new Budget(4, 4);
    const giveBack = budget.take('a', 3);
    giveBack?.();
    giveBack?.();

    expect(budget.take('a', 4)).toBeDefined();
    expect(budget.take('b', 1)).toBeUndefined();
  });
});
