/** Words of the audit screen. */
import type { Outcome, Role } from '@retorno/service';
import { wordsOf } from '../frame/texts';
import type { WrongField } from './asked';
import type { ActionName } from './actions';

interface AuditWords {
  readonly title: string;
  readonly lead: string;
  readonly filter: Record<
    | 'label'
    | 'who'
    | 'whoHint'
    | 'case'
    | 'returnee'
    | 'action'
    | 'outcome'
    | 'from'
    | 'until'
    | 'any'
    | 'show'
    | 'clear',
    string
  >;
  readonly wrong: Record<WrongField, string>;
  readonly heads: Record<'when' | 'who' | 'what' | 'about' | 'outcome' | 'reason', string>;
  readonly nobody: string;
  readonly times: (n: number) => string;
  readonly none: string;
  readonly silent: (names: string) => string;
  readonly more: string;
  readonly newest: string;
  readonly download: string;
  readonly downloadHint: (most: number) => string;
  readonly columns: readonly string[];
  readonly actions: Record<ActionName | 'visit' | 'other', string>;
  readonly outcomes: Record<Outcome, string>;
  readonly failed: (status: number) => string;
  readonly kinds: Record<string, string>;
  readonly roles: Record<Role, string>;
}

export const wordsIn = wordsOf<AuditWords>({
  es: {
    title: 'Auditoría',
    lead: 'Qué vio y qué hizo cada persona, y a quién se le negó el paso. Nadie puede cambiar ni borrar estas líneas desde el sistema.',
    filter: {
      label: 'Buscar en la auditoría',
      who: 'Quién',
      whoHint: 'Cómo empieza su nombre, o su código de usuario',
      case: 'Caso (número)',
      returnee: 'Persona retornada (código)',
      action: 'Qué hizo',
      outcome: 'Resultado',
      from: 'Desde el día',
      until: 'Hasta el día',
      any: 'Todo',
      show: 'Buscar',
      clear: 'Quitar filtros',
    },
    wrong: {
      case: 'Escriba el caso como en su página: RT-2026-000123.',
      returnee: 'El código de una persona retornada tiene 36 letras y números, con guiones.',
      from: 'El día desde el que se busca no existe.',
      until: 'El día hasta el que se busca no existe.',
    },
    heads: {
      when: 'Cuándo',
      who: 'Quién',
      what: 'Qué hizo',
      about: 'Sobre qué',
      outcome: 'Resultado',
      reason: 'Motivo',
    },
    nobody: 'alguien sin identificarse',
    times: (n) => `${n} veces`,
    none: 'No hay nada anotado con estos filtros. Quite alguno o cambie los días.',
    silent: (names) => `Faltan las líneas de ${names}: no responde ahora. Vuelva a intentarlo en un momento.`,
    more: 'Anteriores',
    newest: 'Ir a lo más reciente',
    download: 'Descargar (CSV)',
    downloadHint: (most) =>
      `Lo que muestran los filtros, hasta ${most} líneas. La descarga también queda anotada.`,
    columns: [
      'cuándo',
      'quién',
      'código de usuario',
      'roles',
      'institución',
      'autoridad',
      'qué hizo',
      'dirección',
      'sobre qué',
      'resultado',
      'código HTTP',
      'veces',
      'motivo',
      'servicio',
    ],
    actions: {
      'see-case': 'Vio un caso',
      'see-person': 'Vio los datos de una persona',
      'see-notice': 'Vio un aviso de retorno',
      'see-manifest': 'Vio una lista de llegada',
      'see-referral': 'Vio una derivación',
      'see-escalation': 'Vio una alerta',
      search: 'Buscó a una persona',
      unmask: 'Vio lo restringido de un caso',
      export: 'Descargó la auditoría',
      close: 'Cerró un caso',
      reopen: 'Reabrió un caso',
      'add-need': 'Agregó una necesidad',
      'settle-need': 'Dio por resuelta una necesidad',
      complain: 'Registró una queja',
      waive: 'Dispensó un requisito',
      reroute: 'Envió una derivación a otra institución',
      cancel: 'Pidió cancelar una derivación',
      remind: 'Recordó una derivación',
      confirm: 'Anotó lo que la persona dice de la entrega',
      inform: 'Respondió a una institución que pidió información',
      correct: 'Corrigió una respuesta',
      merge: 'Unió dos casos',
      'follow-up': 'Anotó un seguimiento',
      claim: 'Tomó una alerta',
      'hand-over': 'Dejó una alerta sin dueño para el turno siguiente',
      resolve: 'Resolvió una alerta',
      answer: 'Respondió una derivación',
      capacity: 'Cambió los cupos de una sede',
      register: 'Registró a una persona',
      manifest: 'Envió una lista de llegada',
      notice: 'Avisó de un retorno',
      contact: 'Cambió el contacto de una persona',
      consent: 'Anotó el consentimiento de una persona',
      flight: 'Anuló un vuelo',
      erase: 'Borró los datos de una persona',
      hold: 'Retuvo los datos de una persona por ley',
      release: 'Levantó la retención de los datos',
      link: 'Dio un enlace a una persona',
      'revoke-link': 'Anuló un enlace',
      redrive: 'Reintentó un mensaje detenido',
      skip: 'Dejó fuera un mensaje detenido',
      rebuild: 'Recalculó las estadísticas',
      visit: 'Quiso abrir otra página o lista',
      other: 'Otra acción',
    },
    outcomes: {
      done: 'hecho',
      refused: 'negado',
      failed: 'no se hizo',
      'not-logged-in': 'negado: sin sesión',
      'not-allowed': 'negado: no es para su rol',
      'of-another': 'negado: es de otra autoridad',
      'too-many': 'negado: demasiadas veces seguidas',
    },
    failed: (status) => `no se hizo (${status})`,
    kinds: {
      case: 'caso',
      returnee: 'persona',
      referral: 'derivación',
      escalation: 'alerta',
      manifest: 'lista',
      notice: 'aviso',
      message: 'mensaje',
      link: 'enlace',
      agency: 'institución',
    },
    roles: {
      operations: 'operaciones',
      'operations-lead': 'jefatura de operaciones',
      intake: 'registro',
      'agency-worker': 'personal de institución',
      integration: 'sistema de institución',
      statistics: 'estadística',
      auditor: 'auditoría',
      portal: 'página de retornados',
    },
  },
  en: {
    title: 'Audit',
    lead: 'Who saw and did what, and who was refused. Nobody can change or remove these lines from within the system.',
    filter: {
      label: 'Search the audit',
      who: 'Who',
      whoHint: 'How their name begins, or their user id',
      case: 'Case (number)',
      returnee: 'Returnee (id)',
      action: 'What they did',
      outcome: 'Outcome',
      from: 'From the day',
      until: 'Until the day',
      any: 'All',
      show: 'Search',
      clear: 'Remove filters',
    },
    wrong: {
      case: 'Write the case as on its page: RT-2026-000123.',
      returnee: 'The id of a returnee has 36 letters and digits, with hyphens.',
      from: 'The day to search from does not exist.',
      until: 'The day to search until does not exist.',
    },
    heads: {
      when: 'When',
      who: 'Who',
      what: 'What they did',
      about: 'About what',
      outcome: 'Outcome',
      reason: 'Reason',
    },
    nobody: 'somebody who did not log in',
    times: (n) => `${n} times`,
    none: 'Nothing is written down under these filters. Remove one, or change the days.',
    silent: (names) => `The lines of ${names} are missing: no answer now. Try again in a moment.`,
    more: 'Earlier',
    newest: 'To the latest',
    download: 'Download (CSV)',
    downloadHint: (most) =>
      `What the filters show, up to ${most} lines. The download is written down as well.`,
    columns: [
      'when',
      'who',
      'user id',
      'roles',
      'agency',
      'authority',
      'what they did',
      'address',
      'about what',
      'outcome',
      'HTTP status',
      'times',
      'reason',
      'service',
    ],
    actions: {
      'see-case': 'Saw a case',
      'see-person': 'Saw a person’s data',
      'see-notice': 'Saw a notice of return',
      'see-manifest': 'Saw a manifest',
      'see-referral': 'Saw a referral',
      'see-escalation': 'Saw an escalation',
      search: 'Searched for a person',
      unmask: 'Saw what is restricted in a case',
      export: 'Downloaded the audit',
      close: 'Closed a case',
      reopen: 'Reopened a case',
      'add-need': 'Added a need',
      'settle-need': 'Settled a need',
      complain: 'Wrote down a complaint',
      waive: 'Waived a prerequisite',
      reroute: 'Sent a referral to another agency',
      cancel: 'Asked to cancel a referral',
      remind: 'Reminded of a referral',
      confirm: 'Wrote down what the returnee says of a delivery',
      inform: 'Answered an agency that asked for information',
      correct: 'Corrected an answer',
      merge: 'Merged two cases',
      'follow-up': 'Wrote down a follow-up',
      claim: 'Took an escalation',
      'hand-over': 'Left an escalation to the next shift',
      resolve: 'Resolved an escalation',
      answer: 'Answered a referral',
      capacity: 'Changed the capacity of an office',
      register: 'Registered a person',
      manifest: 'Sent a manifest',
      notice: 'Announced a return',
      contact: 'Changed a person’s contact',
      consent: 'Wrote down a person’s consent',
      flight: 'Cancelled a flight',
      erase: 'Erased a person’s data',
      hold: 'Held a person’s data by law',
      release: 'Released a person’s data',
      link: 'Gave a returnee a link',
      'revoke-link': 'Revoked a link',
      redrive: 'Tried a parked message again',
      skip: 'Skipped a parked message',
      rebuild: 'Counted the statistics anew',
      visit: 'Wanted to open another page or list',
      other: 'Another action',
    },
    outcomes: {
      done: 'done',
      refused: 'refused',
      failed: 'not done',
      'not-logged-in': 'refused: not logged in',
      'not-allowed': 'refused: not for their role',
      'of-another': 'refused: another authority’s',
      'too-many': 'refused: too often',
    },
    failed: (status) => `not done (${status})`,
    kinds: {
      case: 'case',
      returnee: 'person',
      referral: 'referral',
      escalation: 'escalation',
      manifest: 'manifest',
      notice: 'notice',
      message: 'message',
      link: 'link',
      agency: 'agency',
    },
    roles: {
      operations: 'operations',
      'operations-lead': 'operations lead',
      intake: 'intake',
      'agency-worker': 'agency staff',
      integration: 'agency’s system',
      statistics: 'statistics',
      auditor: 'audit',
      portal: 'returnees’ page',
    },
  },
});
