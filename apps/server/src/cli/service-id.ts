import { InvalidArgumentError } from 'commander';

/** Parses a service ID of the command line. */
export function parseServiceId(text: string): number {
  const serviceId = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(serviceId) || serviceId === 0)
    throw new InvalidArgumentError('A service ID is a positive integer below 2^53.');
  return serviceId;
}
