/** A guard for kafkajs 2.2.4, whose request queue sets a timer again and again although nothing waits in it. */

interface RequestQueue {
  pending: readonly unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

// No published entry leads to the class; the version is pinned, and the test of idle connections guards the path.
const { prototype } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };

const original = prototype.scheduleCheckPendingRequests;

/**
 * Schedules the check only while a request waits. Unguarded each connection wakes about 800 times a second for ever:
 * 5 % of a core in an idle process, 0.4 % with the guard (figures in docs/decisions/0008).
 */
prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
  if (this.pending.length > 0) original.call(this);
};
