/** Addresses of the parked messages. */
export const PARKED_PATH = '/console/parked';

/** A stream that stands still, or a redrive, at its service. */
export interface Place {
  readonly service: string;
  readonly id: string;
}

/** The address of the sequence of a stream. */
export function addressOf({ service, id }: Place): string {
  return `${PARKED_PATH}/${encodeURIComponent(service)}/${encodeURIComponent(id)}`;
}

/** Where its first message is edited. */
export function editAddress(place: Place): string {
  return `${addressOf(place)}/edit`;
}
