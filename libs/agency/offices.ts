/** The agency's offices, for whoever asks: where they are, what is free, how many wait. */
import { Inject, Injectable } from '@nestjs/common';
import type { Office } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import { invalidFields, nearestOffices, problem, servesAt, type Whereabouts } from '@retorno/service';
import { publishIn } from './catalogue';
import type { AgencyDefinition } from './definition';
import { AGENCY, Desk } from './desk';
import { freeAt, limitOf, NO_PLACES, suitable, withLimit, type Places } from './places';
import { countPlaces, readPlaces } from './places-table';
import { catalogueStore, placesStore } from './stores';

/** Which offices to list. Nothing of a person: a district and a language. */
export interface OfficeFilter extends Whereabouts {
  service?: string | undefined;
}

@Injectable()
export class Offices {
  constructor(
    @Inject(AGENCY) private readonly agency: AgencyDefinition,
    private readonly desk: Desk,
    private readonly messaging: Messaging,
  ) {}

  /** Offices that offer the service, the nearest first. */
  async list({ service, ...at }: OfficeFilter) {
    if (service !== undefined && !this.agency.services.some(({ code }) => code === service)) {
      throw invalidFields([{ pointer: '/service', detail: 'is no service of this agency' }]);
    }
    const places = (await readPlaces(this.messaging, this.agency)) ?? NO_PLACES;
    const offices = nearestOffices(this.agency.offices ?? [], service, at);
    return { items: offices.map((office) => this.view(office, places, service)), next: null };
  }

  /** Limits how many open referrals to a service an office has at once; null: any number. Published and kept. */
  async setCapacity(code: string, service: string, capacity: number | null) {
    const { slug } = this.agency;
    const office = this.agency.offices?.find((one) => one.code === code);
    if (!office) throw problem(404, 'office-not-found', 'This agency has no office with this code.');
    if (!this.servicesAt(office).includes(service)) {
      throw invalidFields([{ pointer: '/service', detail: 'is no service of this office' }]);
    }
    const loads = [
      { store: catalogueStore, key: slug },
      { store: placesStore, key: slug },
    ];
    return this.messaging.command(loads, async (unit) => {
      const before = unit.get(placesStore, slug) ?? (await countPlaces(unit));
      const places = withLimit(before, code, service, capacity);
      this.desk.setPlaces(unit, places);
      publishIn(unit, this.agency, places);
      return this.view(office, places);
    });
  }

  private servicesAt(office: Office): string[] {
    return this.agency.services.map(({ code }) => code).filter((code) => servesAt(office, code));
  }

  private view(office: Office, places: Places, only?: string) {
    const { capacity: _declared, services: _services, languages = ['es'], ...rest } = office;
    const services = this.servicesAt(office).filter((code) => only === undefined || code === only);
    return {
      ...rest,
      languages,
      services: services.map((code) => ({
        code,
        capacity: limitOf(places, office, code) ?? null,
        free: freeAt(places, office, code) ?? null,
        waiting: this.waitingFor(office, places, code),
      })),
    };
  }

  /** How many wait that this office would suit. */
  private waitingFor(office: Office, places: Places, service: string): number {
    return places.waiting.filter(
      (one) =>
        one.service === service &&
        suitable(this.agency, service, one.offices).some(({ code }) => code === office.code),
    ).length;
  }
}
