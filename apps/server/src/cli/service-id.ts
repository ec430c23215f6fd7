import { InvalidArgumentError } from 'commander';

/** The service ID of a command line. Throws what Commander tells the caller. */
export function serviceIdOf(text: string): number {
  const serviceId = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(serviceId) || serviceId === 0)
    throw new InvalidArgumentError('A service ID is a positive integer below 2^53.');
  return serviceId;
}
