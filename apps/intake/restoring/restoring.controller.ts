import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { RegistrationLost, RegistrationRestored, RETURNEES_TOPIC } from '@retorno/contracts';
import {
  Messaging,
  STREAM_LOST,
  type EventContext,
  type KeyVault,
  type LostEvents,
} from '@retorno/messaging';
import { VAULT } from '@retorno/service';
import { PEPPER } from '../duplicates/duplicates';
import { restore } from './restored';

/** Our own database was restored from an older copy: the coordinator has registrations, or changes of them, that it lacks. */
@Controller()
export class RestoringController {
  constructor(
    private readonly messaging: Messaging,
    @Inject(PEPPER) private readonly pepper: Buffer,
    @Inject(VAULT) private readonly vault: KeyVault,
  ) {}

  @EventPattern<string>(STREAM_LOST)
  async lost(@Payload() { key }: LostEvents, @Ctx() ctx: EventContext): Promise<void> {
    ctx.publish({
      topic: RETURNEES_TOPIC,
      key,
      contract: RegistrationLost,
      data: { at: ctx.now.toISOString() },
    });
    // Should the answer not come within the hour: each that was lost has had a number.
    await ctx.tx.query('update case_number set last = last + 1');
  }

  @EventPattern<string>(RegistrationRestored.type)
  async restored(@Payload() data: RegistrationRestored, @Ctx() ctx: EventContext): Promise<void> {
    const caseId = ctx.event.partitionkey;
    // Asked once and answered twice: by a coordinator that was restored after us, and knows less than we do by now.
    if (!(await this.messaging.isShortOf(ctx.tx, caseId))) return;
    await restore(ctx, caseId, data, { pepper: this.pepper, vault: this.vault });
    await this.messaging.heal(ctx.tx, caseId);
  }
}
