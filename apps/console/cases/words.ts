/** Words of the list of cases. */
import { wordsOf } from '../frame/texts';

export const wordsIn = wordsOf({
  es: {
    title: 'Casos',
    search: 'Número de caso',
    status: 'Estado',
    any: 'Todos',
    agency: 'Institución que debe responder',
    overdue: 'Con retraso',
    filter: 'Buscar',
    none: 'Ningún caso coincide. Quite algún filtro, o registre llegadas desde un manifiesto.',
    more: 'Siguientes',
    number: 'Caso',
    waitsFor: 'Espera a',
    escalations: 'Alertas',
    opened: 'Abierto',
    late: 'desde',
    statuses: { open: 'abierto', closing: 'cerrándose', completed: 'completo', closed: 'cerrado' },
  },
  en: {
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
});
