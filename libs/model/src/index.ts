export * from './metadata.ts';
export { IsClientId, parseClientId } from './dto/client-id.ts';
export * from './dto/registration-request.dto.ts';
