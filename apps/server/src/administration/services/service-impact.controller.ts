import { Body, StreamableFile } from '@nestjs/common';
import { ApiController, ApiRoute } from '../../access/api-route.ts';
import { CurrentService } from '../../access/service.guard.ts';
import type { Service } from '../../services/service.ts';
import { patchIn } from '../patch/patch-in.ts';
import { ServiceAdministration } from './service-administration.ts';
import { ServiceImpact } from './service-impact.ts';

/** One JSON object in each line. */
const NDJSON = 'application/x-ndjson';

/** Previews what a change of the settings would do to the registered clients. */
@ApiController('service')
export class ServiceImpactController {
  constructor(
    private readonly administration: ServiceAdministration,
    private readonly impact: ServiceImpact,
  ) {}

  @ApiRoute('POST', 'impact', {
    id: 'getServiceImpact',
    tag: 'Services and tokens',
    summary: 'List the clients whose next update other settings would refuse or narrow; nothing is written',
    right: 'MODIFY_SERVICE',
    body: { schema: 'ServicePatch', mergePatch: true, example: { supportedGrantTypes: ['CLIENT_CREDENTIALS'] } },
    response: { schema: 'ServiceImpactLine', type: NDJSON },
  })
  async find(@CurrentService() current: Service, @Body() body: unknown): Promise<StreamableFile> {
    const next = this.administration.patched(current, patchIn(body));
    return new StreamableFile(await this.impact.of({ current, next }), { type: NDJSON });
  }
}
