export * from './metadata.ts';
export { ID_PATTERN, IsId, parseId } from './dto/id.ts';
export * from './dto/client-administration.dto.ts';
export * from './dto/client-list.dto.ts';
export * from './dto/client-requests.dto.ts';
export * from './dto/client-secret.dto.ts';
export * from './dto/grant-requests.dto.ts';
export * from './dto/registration-request.dto.ts';
export * from './dto/service-list.dto.ts';
