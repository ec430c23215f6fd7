export * from './metadata.ts';
export { IsId, parseId } from './dto/id.ts';
export * from './dto/registration-request.dto.ts';
