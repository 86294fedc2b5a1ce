/** Words of the list of cases. */
import { wordsOf } from '../frame/texts';

export const wordsIn = wordsOf({
  es: {
    title: 'Casos',
    search: 'Número de caso',
    status: 'Estado',
    any: 'Todos',
    agency: 'Institución que debe responder',
    anyAgency: 'Todas',
    overdue: 'Con retraso',
    endedSince: 'Terminados desde',
    filter: 'Buscar',
    none: 'Ningún caso coincide. Quite algún filtro, o registre llegadas desde un manifiesto.',
    nobody:
      'No se encontró a nadie. Revise el número o la fecha; sin documento, pruebe con los dos apellidos y el primer nombre.',
    more: 'Siguientes',
    number: 'Caso',
    waitsFor: 'Espera a',
    escalations: 'Alertas',
    opened: 'Abierto',
    late: 'desde',
    find: {
      title: 'Buscar a una persona',
      names: 'Nombres y apellidos',
      born: 'Fecha de nacimiento',
      document: 'Número de documento',
      find: 'Buscar a la persona',
      hint: 'Basta el documento, o el primer nombre con los apellidos, o un nombre con la fecha de nacimiento. No importan tildes ni orden. Queda registrado quién buscó, no a quién.',
    },
    sought: {
      'too-little':
        'Faltan datos para buscar a una persona: escriba el documento, o el primer nombre con los apellidos, o un nombre con la fecha de nacimiento.',
      'too-many':
        'Hay más personas que coinciden; se muestran las últimas registradas. Agregue la fecha de nacimiento o el documento.',
    },
    views: {
      title: 'Listas guardadas',
      saveThis: 'Guardar esta lista',
      name: 'Nombre de la lista',
      save: 'Guardar',
      share: 'Compartir con todas las personas de operaciones',
      shared: 'compartida',
      by: (name: string) => `de ${name}`,
      forget: (name: string) => `Quitar la lista ${name}`,
    },
    bulk: {
      chosen: 'Elegir',
      choose: (number: string) => `Elegir el caso ${number}`,
      begin: { remind: 'Recordar a las instituciones…', claim: 'Tomar las alertas…' },
      title: { remind: 'Recordar a las instituciones', claim: 'Tomar alertas' },
      touches: {
        remind: (steps: number, cases: number, without: number) =>
          `Se recordarán ${steps} derivaciones con retraso, de ${cases} casos. Casos elegidos sin retraso: ${without}.`,
        claim: (steps: number, cases: number, without: number) =>
          `Se tomarán ${steps} alertas que nadie tiene, de ${cases} casos. Casos elegidos sin ellas: ${without}.`,
      },
      tooMany: (most: number) => `Son más de ${most}. Elija menos casos.`,
      reason: {
        remind: 'Motivo (lo ve solo operaciones)',
        claim: 'Nota para quien siga (puede quedar vacía)',
      },
      confirm: {
        remind: (steps: number) => `Recordar ${steps}`,
        claim: (steps: number) => `Tomar ${steps}`,
      },
      done: {
        remind: (taken: number) => `Recordatorios registrados: ${taken}.`,
        claim: (taken: number) => `Alertas tomadas: ${taken}.`,
      },
      refused: (refused: number) =>
        `No se hicieron: ${refused}, porque algo cambió mientras tanto. Abra el caso para ver qué.`,
      back: 'Volver a los casos sin cambiar nada',
      what: 'Qué',
      due: 'Debía estar',
    },
  },
  en: {
    title: 'Cases',
    search: 'Case number',
    status: 'Status',
    any: 'All',
    agency: 'Agency that owes an answer',
    anyAgency: 'All',
    overdue: 'Overdue',
    endedSince: 'Ended since',
    filter: 'Search',
    none: 'No case fits. Take a filter away, or register arrivals from a manifest.',
    nobody:
      'Nobody was found. Check the number or the date; without a document, try the surnames and the first name.',
    more: 'Next',
    number: 'Case',
    waitsFor: 'Waits for',
    escalations: 'Escalations',
    opened: 'Opened',
    late: 'since',
    find: {
      title: 'Find a person',
      names: 'Names',
      born: 'Date of birth',
      document: 'Number of a document',
      find: 'Find the person',
      hint: 'The document is enough, or the first name with the surnames, or one name with the date of birth. Accents and order do not matter. It is written down who looked, not for whom.',
    },
    sought: {
      'too-little':
        'This is too little to find a person by: give the document, or the first name with the surnames, or one name with the date of birth.',
      'too-many': 'More people fit; those registered last are shown. Add the date of birth or the document.',
    },
    views: {
      title: 'Saved lists',
      saveThis: 'Save this list',
      name: 'Name of the list',
      save: 'Save',
      share: 'Share with everybody of operations',
      shared: 'shared',
      by: (name: string) => `by ${name}`,
      forget: (name: string) => `Remove the list ${name}`,
    },
    bulk: {
      chosen: 'Choose',
      choose: (number: string) => `Choose case ${number}`,
      begin: { remind: 'Remind the agencies…', claim: 'Claim the escalations…' },
      title: { remind: 'Remind the agencies', claim: 'Claim escalations' },
      touches: {
        remind: (steps: number, cases: number, without: number) =>
          `${steps} referrals that are late will be reminded of, of ${cases} cases. Chosen cases where nothing is late: ${without}.`,
        claim: (steps: number, cases: number, without: number) =>
          `${steps} escalations that nobody has will be claimed, of ${cases} cases. Chosen cases without any: ${without}.`,
      },
      tooMany: (most: number) => `These are more than ${most}. Choose fewer cases.`,
      reason: {
        remind: 'Reason (seen by operations only)',
        claim: 'Note for whoever goes on (may be empty)',
      },
      confirm: {
        remind: (steps: number) => `Remind ${steps}`,
        claim: (steps: number) => `Claim ${steps}`,
      },
      done: {
        remind: (taken: number) => `Reminders recorded: ${taken}.`,
        claim: (taken: number) => `Escalations claimed: ${taken}.`,
      },
      refused: (refused: number) =>
        `Not done: ${refused}, because something has changed meanwhile. Open the case to see what.`,
      back: 'Back to the cases without changing anything',
      what: 'What',
      due: 'Was due',
    },
  },
});
