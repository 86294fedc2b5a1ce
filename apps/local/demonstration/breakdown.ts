/** A fault of one service that can be switched on and off, so that messages stand still in the product's own way. */
import type { AgencyDefinition } from '@retorno/agency';

/** What the policy throws while it is down; a parked message shows its name as the cause. */
class SimulatedBreakdown extends Error {}

export class Breakdown {
  private isDown = false;

  constructor(private readonly slug: string) {}

  /** The agency with the fault built in; any other as it is. */
  in(agency: AgencyDefinition): AgencyDefinition {
    if (agency.slug !== this.slug) return agency;
    return {
      ...agency,
      policy: (referral, input) => {
        if (this.isDown) throw new SimulatedBreakdown('a fault of the demonstration');
        return agency.policy(referral, input);
      },
    };
  }

  begin(): void {
    this.isDown = true;
  }

  /** Repairs it. It is repaired after a restart as well: nothing of it is kept. */
  end(): void {
    this.isDown = false;
  }
}
