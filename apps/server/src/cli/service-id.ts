import { InvalidArgumentError } from 'commander';

/** Whether a value can be the ID of a service. */
export function isServiceId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** Parses a service ID of the command line. */
export function parseServiceId(text: string): number {
  const serviceId = Number(text);
  if (!/^\d+$/.test(text) || !isServiceId(serviceId))
    throw new InvalidArgumentError('A service ID is a positive integer below 2^53.');
  return serviceId;
}
