/** Which faults a run has, and in which order. */
import type { Chance } from '../../support/random';
import { brokerFaults } from './broker';
import { databaseFaults } from './database';
import { deliveryFaults } from './deliveries';
import { KINDS, type Fault, type Kind } from './fault';
import { lineFaults } from './lines';
import { poisonFaults } from './poison';
import { processFaults } from './processes';

const ALL: readonly Fault[] = [
  ...processFaults,
  ...brokerFaults,
  ...databaseFaults,
  ...lineFaults,
  ...deliveryFaults,
  ...poisonFaults,
];

export interface PlanOptions {
  faults: number;
  kinds: readonly Kind[];
  /** Without those that take long, and only one of each kind for sure. */
  small: boolean;
}

/** Every kind at least once, every fault when there is room for it, the rest by weight; in an order of chance. */
export function planned({ faults, kinds, small }: PlanOptions, chance: Chance): Fault[] {
  const possible = ALL.filter((fault) => kinds.includes(fault.kind) && !(small && fault.long));
  const first =
    !small && faults >= possible.length
      ? possible
      : KINDS.filter((kind) => kinds.includes(kind)).map((kind) =>
          weighted(
            possible.filter((fault) => fault.kind === kind),
            chance,
          ),
        );
  const plan = first.slice(0, faults);
  while (plan.length < faults) plan.push(weighted(possible, chance));
  return plan
    .map((fault) => ({ fault, at: chance.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ fault }) => fault);
}

function weighted(faults: readonly Fault[], chance: Chance): Fault {
  let left = chance.next() * faults.reduce((sum, fault) => sum + fault.weight, 0);
  return faults.find((fault) => (left -= fault.weight) < 0) ?? faults.at(-1)!;
}
