import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { CASE_EVENTS, type EventContract } from '@retorno/contracts';
import type { EventContext } from '@retorno/messaging';
import { tallyStore } from './stores';
import { tallied } from './tally';

const CONTRACTS = CASE_EVENTS as unknown as readonly EventContract[];
const NAMES = new Map(CONTRACTS.map((contract) => [contract.type, contract.name]));

/** Everything that cases.v1 says. */
@Controller()
export class CaseEventsController {
  @EventPattern<string[]>([...NAMES.keys()])
  happened(@Payload() data: unknown, @Ctx() ctx: EventContext): void {
    const key = ctx.event.partitionkey;
    const before = ctx.get(tallyStore, key);
    const after = tallied(before, NAMES.get(ctx.event.type)!, data);
    if (after && after !== before) ctx.set(tallyStore, key, after);
  }
}
