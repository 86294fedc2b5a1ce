import type { Words } from './es';

/** English. */
export const en: Words = {
  menuLabel: 'Screens',
  menu: { home: 'Home', cases: 'Cases', worklist: 'Worklist' },
  skip: 'Skip to the content',
  otherLanguage: 'Español',
  logout: 'Log out',
  bye: { title: 'Logged out', text: 'You can close this window now.', again: 'Log in again' },
  loginFailed: {
    title: 'The login failed',
    text: 'It took too long, or it was not begun in this window.',
    again: 'Try again',
  },
  forbidden: {
    title: 'Not for your role',
    text: 'Your user may not see this page. If you need it, ask whoever administers users.',
    home: 'To the home page',
  },
  cases: {
    title: 'Cases',
    search: 'Case number',
    status: 'Status',
    any: 'All',
    agency: 'Agency that owes an answer',
    overdue: 'Overdue',
    filter: 'Search',
    none: 'No case fits. Take a filter away, or register arrivals from a manifest.',
    more: 'Next',
    number: 'Case',
    waitsFor: 'Waits for',
    escalations: 'Escalations',
    opened: 'Opened',
    late: 'since',
    statuses: { open: 'open', closing: 'closing', completed: 'completed', closed: 'closed' },
  },
  failure: { title: 'Something failed', text: 'The page could not be shown. Try again in a moment.' },
};
