import { Index } from './list-index.ts';

/** The query of `GET /api/service/get/list`. */
export class ApiServiceList {
  @Index('serviceListStartMalformed', 'serviceListStartNegative')
  start?: number;

  /** Exclusive. */
  @Index('serviceListEndMalformed', 'serviceListEndNegative')
  end?: number;
}
