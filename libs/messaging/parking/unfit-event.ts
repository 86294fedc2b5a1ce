/** An event that no retry can help: it is parked at once. */
export class UnfitEvent extends Error {
  override name = 'UnfitEvent';
}
