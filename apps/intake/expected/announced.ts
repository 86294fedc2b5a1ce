/**
 * Returns that a consulate announced: what a notice, a manifest's row and later news make of each other. Pure. Days are
 * `YYYY-MM-DD` in Lima.
 */
import { createHash } from 'node:crypto';
import {
  NEED_CODES,
  VULNERABILITY_CODES,
  type Journey,
  type Stage,
  type VulnerabilityCode,
} from '@retorno/contracts';
import { documentCharacters } from '../fields/documents';
import type { Registration } from '../manifests/manifest-row';

/** Where an announced return stands; what is left out is not known. */
export interface Standing {
  stage: Exclude<Stage, 'arrived'>;
  placeOfDetention?: string;
  arrivalDate?: string;
  flight?: string;
  portOfEntry?: string;
}

/** True once the returnee is in the country: a manifest names the day, and it has come. */
export function hasArrived(journey: Journey, today: string): boolean {
  return isOnManifest(journey) && journey.arrivalDate <= today;
}

function isOnManifest({ stage, onManifest }: Journey): boolean {
  return stage === undefined || onManifest === true;
}

/** A notice or a row of somebody who was not known. */
export function firstSaid(said: Registration): Registration {
  return said.journey.stage === undefined ? said : asNotice(said);
}

/** What is known after a notice or a row has been said of somebody; consent is weighed apart. */
export function restated(known: Registration, said: Registration, today: string): Registration {
  const { consent } = said;
  if (known.announced?.said === fingerprint(said)) return { ...known, consent };
  if (said.journey.stage === undefined) return byRow(known, said, today);
  // A manifest knows better, and nobody who has arrived is on the way again.
  return isOnManifest(known.journey) ? { ...known, consent } : byNotice(known, said);
}

function byNotice(known: Registration, said: Registration): Registration {
  const bothUnknown = known.journey.dateUnknown && said.journey.dateUnknown;
  const { arrivalDate } = bothUnknown ? known.journey : said.journey;
  return { ...asNotice(said), journey: { ...said.journey, arrivalDate } };
}

function asNotice(said: Registration): Registration {
  const { needs, vulnerabilities } = said;
  return { ...said, announced: { needs, vulnerabilities, said: fingerprint(said) } };
}

function byRow(known: Registration, row: Registration, today: string): Registration {
  const { announced } = known;
  if (!announced) return row;
  const ahead = row.journey.arrivalDate > today;
  return {
    ...row,
    journey: ahead ? { ...row.journey, stage: 'expected', onManifest: true } : row.journey,
    needs: NEED_CODES.filter((code) => row.needs.includes(code) || announced.needs.includes(code)),
    vulnerabilities: joined(row.vulnerabilities, announced.vulnerabilities),
    announced: { ...announced, said: fingerprint(row) },
  };
}

/** The registration as it is with the return standing as told. */
export function standing(known: Registration, told: Standing, today: string): Registration {
  const { stage, placeOfDetention, arrivalDate, flight, portOfEntry } = told;
  const { sendingAuthority, returnType, originCountry, yearsAbroad } = known.journey;
  const asOf = known.journey.dateUnknown ? known.journey.arrivalDate : today;
  const detained: VulnerabilityCode[] = stage === 'detained' ? ['detained-abroad'] : [];
  const announced = known.announced ?? { needs: [], vulnerabilities: [], said: fingerprint(known) };
  return {
    ...known,
    journey: {
      sendingAuthority,
      returnType,
      arrivalDate: arrivalDate ?? asOf,
      ...(flight && { flight }),
      originCountry,
      portOfEntry: portOfEntry ?? known.journey.portOfEntry,
      yearsAbroad,
      stage,
      ...(arrivalDate === undefined && { dateUnknown: true }),
      ...(placeOfDetention && { placeOfDetention }),
    },
    vulnerabilities: joined(known.vulnerabilities, detained),
    announced: { ...announced, vulnerabilities: joined(announced.vulnerabilities, detained) },
  };
}

/** The same person, not named by the manifest of the flight on which they were expected. */
export function notOnManifest(known: Registration): Registration {
  return { ...known, journey: { ...known.journey, onManifest: false } };
}

/** Who of several is the person of a row or notice; undefined unless it is exactly one. */
export function onlyOne(said: Registration, candidates: readonly Candidate[]): Candidate | undefined {
  const byDocument = candidates.filter((c) => c.sameDocument);
  if (byDocument.length > 0) return byDocument.length === 1 ? byDocument[0] : undefined;
  const byName = candidates.filter((c) => !contradicts(said, c.registration));
  return byName.length === 1 ? byName[0] : undefined;
}

/** Somebody with the same document, or with the same names and birth date. */
export interface Candidate {
  id: string;
  sameDocument: boolean;
  registration: Registration;
}

/** Two documents of one kind with two numbers are two people, whatever their names. */
function contradicts({ person: a }: Registration, { person: b }: Registration): boolean {
  return a.documentType === b.documentType && documentCharacters(a) !== documentCharacters(b);
}

function joined(a: readonly VulnerabilityCode[], b: readonly VulnerabilityCode[]): VulnerabilityCode[] {
  return VULNERABILITY_CODES.filter((code) => a.includes(code) || b.includes(code));
}

/** Of everything that was said but consent. The day of a notice without a date is not said. */
function fingerprint({ externalId, person, journey, vulnerabilities, needs }: Registration): string {
  const { arrivalDate, ...rest } = journey;
  const said = journey.dateUnknown ? rest : { ...rest, arrivalDate };
  const text = JSON.stringify({ externalId, person, journey: said, vulnerabilities, needs });
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
