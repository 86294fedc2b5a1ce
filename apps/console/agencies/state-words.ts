/** Words of how an agency keeps up, and of what is decided about it. */
import { wordsOf } from '../frame/texts';

export const stateWordsIn = wordsOf({
  es: {
    state: 'Cómo está',
    fine: 'Al día.',
    trouble: {
      away: 'Su servicio no contesta.',
      unread: (count: number, since: string) =>
        `No ha recibido ${count === 1 ? 'una derivación' : `${count} derivaciones`}: la más antigua se envió el ${since}.`,
      late: (count: number) =>
        `${count === 1 ? 'Una derivación pasó' : `${count} derivaciones pasaron`} su plazo.`,
      held: (count: number) =>
        `${count === 1 ? 'Un caso espera' : `${count} casos esperan`} a que se reanude.`,
      silent: (since: string) => `Hay casos que la esperan y no responde desde el ${since}.`,
    },
    paused: (since: string) => `En pausa desde el ${since}: no se le envía nada nuevo.`,
    pausedBy: (by: string, reason: string) => `Lo decidió ${by}: «${reason}».`,
    drain: (left: number) =>
      left === 0
        ? 'No le queda nada por terminar de lo que ya tenía.'
        : `Sigue con lo que ya tenía: ${left === 1 ? 'queda un caso' : `quedan ${left} casos`}.`,
    held: (count: number) =>
      count === 0
        ? 'Ningún caso espera a que se reanude.'
        : `${count === 1 ? 'Un caso espera' : `${count} casos esperan`} a que se reanude; entonces salen solos.`,
    inMaintenance: (until: string, note: string) => `En mantenimiento hasta el ${until}: ${note}`,
    maintenanceAhead: (from: string, until: string, note: string) =>
      `Mantenimiento anunciado, del ${from} al ${until}: ${note}`,
    maintenanceMeans: 'Los plazos corren igual; los recordatorios salen cuando termina.',
    pace: 'Cuánto demora',
    paceText: 'Últimos 7 días, desde que se envía la derivación, como lo ve la coordinación.',
    step: 'Paso',
    steps: {
      receive: 'Su servicio la recibe',
      accept: 'La acepta, rechaza o pide datos',
      deliver: 'La termina',
    },
    median: 'La mitad, en',
    p95: '19 de cada 20, en',
    answers: 'Respuestas',
    receives: 'Recibe en',
    accepts: 'Acepta en',
    delivers: 'Termina en',
    half: (time: string, most: string) => `${time} (casi todas: ${most})`,
    connection: 'Conexión',
    heard: 'Su servicio habló por última vez',
    answered: 'Respondió por última vez',
    never: 'todavía no',
    unread: 'Enviadas y no recibidas',
    unreadSince: (since: string) => `la más antigua, desde el ${since}`,
    decided: 'Qué se decidió',
    noneDecided: 'Nada todavía.',
    when: 'Cuándo',
    what: 'Qué',
    who: 'Quién',
    why: 'Por qué',
    facts: {
      paused: 'Se puso en pausa',
      resumed: 'Se reanudó',
      'maintenance-announced': 'Se anunció un mantenimiento',
      'maintenance-ended': 'Terminó el mantenimiento',
      'contact-corrected': 'Se corrigió el contacto',
    },
    deeds: {
      pause: {
        name: 'Poner en pausa',
        does: 'No se le enviará nada nuevo. Lo que ya tiene sigue. Lo que esté listo irá a otra institución que preste el mismo servicio; si no hay, espera y sale solo cuando se reanude. Si alguien espera más de lo que la institución tiene para aceptar, se levanta una alerta.',
      },
      resume: {
        name: 'Reanudar',
        does: 'Lo que esperaba sale solo, los casos más antiguos primero, con plazos desde ahora.',
      },
      maintenance: {
        name: 'Anunciar mantenimiento',
        does: 'Los plazos no se mueven, porque hay personas que esperan. Los recordatorios de plazos que vencen en ese tiempo salen cuando termina, y las alertas dicen que había mantenimiento. Reemplaza al anunciado antes.',
      },
      'maintenance-end': {
        name: 'Terminar el mantenimiento',
        does: 'Los recordatorios que esperaban salen ahora.',
      },
      contact: {
        name: 'Corregir el contacto',
        does: 'Vale hasta que la institución publique un contacto distinto del que publica hoy.',
      },
    },
    field: {
      reason: 'Por qué',
      note: 'Qué se hará',
      from: 'Desde (hora de Lima)',
      until: 'Hasta (hora de Lima)',
      email: 'Correo',
      phone: 'Teléfono',
    },
    wrong: {
      reason: 'Escriba por qué, en hasta 500 caracteres.',
      note: 'Escriba qué se hará, en hasta 300 caracteres.',
      from: 'Elija el día y la hora.',
      until: 'Elija un día y una hora por venir, después del inicio y a 14 días como máximo.',
      email: 'Escriba un correo, o un teléfono.',
      phone: 'Escriba solo cifras, espacios, paréntesis, guiones y el signo +.',
    },
    refused: 'No se hizo.',
    refusals: {
      'already-paused': 'Ya está en pausa: alguien lo hizo antes.',
      'not-paused': 'No está en pausa: alguien ya la reanudó.',
      'no-maintenance': 'No hay mantenimiento anunciado.',
      'bad-window': 'Revise las fechas.',
      'invalid-fields': 'Revise lo que está marcado.',
    } as Record<string, string>,
    done: 'Hecho.',
    send: 'Confirmar',
    back: 'Volver a la institución',
  },
  en: {
    state: 'How it is',
    fine: 'Keeps up.',
    trouble: {
      away: 'Its service does not answer.',
      unread: (count: number, since: string) =>
        `It has not received ${count === 1 ? 'one referral' : `${count} referrals`}: the oldest was sent on ${since}.`,
      late: (count: number) => `${count === 1 ? 'One referral is' : `${count} referrals are`} overdue.`,
      held: (count: number) =>
        `${count === 1 ? 'One case waits' : `${count} cases wait`} until it is resumed.`,
      silent: (since: string) => `Cases wait for it, and it has not answered since ${since}.`,
    },
    paused: (since: string) => `Paused since ${since}: it is sent nothing new.`,
    pausedBy: (by: string, reason: string) => `Decided by ${by}: “${reason}”.`,
    drain: (left: number) =>
      left === 0
        ? 'Nothing is left of what it had already.'
        : `It goes on with what it had already: ${left === 1 ? 'one case is' : `${left} cases are`} left.`,
    held: (count: number) =>
      count === 0
        ? 'No case waits until it is resumed.'
        : `${count === 1 ? 'One case waits' : `${count} cases wait`} until it is resumed, and then goes out by itself.`,
    inMaintenance: (until: string, note: string) => `In maintenance until ${until}: ${note}`,
    maintenanceAhead: (from: string, until: string, note: string) =>
      `Maintenance announced, from ${from} to ${until}: ${note}`,
    maintenanceMeans: 'Deadlines go on; reminders go out when it ends.',
    pace: 'How long it takes',
    paceText: 'Last 7 days, from when the referral is sent, as the coordinator sees it.',
    step: 'Step',
    steps: {
      receive: 'Its service receives it',
      accept: 'Accepts, rejects or asks',
      deliver: 'Delivers',
    },
    median: 'Half within',
    p95: '19 of 20 within',
    answers: 'Answers',
    receives: 'Receives in',
    accepts: 'Accepts in',
    delivers: 'Delivers in',
    half: (time: string, most: string) => `${time} (nearly all: ${most})`,
    connection: 'Connection',
    heard: 'Its service was last heard',
    answered: 'It last answered',
    never: 'not yet',
    unread: 'Sent and not received',
    unreadSince: (since: string) => `the oldest since ${since}`,
    decided: 'What was decided',
    noneDecided: 'Nothing yet.',
    when: 'When',
    what: 'What',
    who: 'Who',
    why: 'Why',
    facts: {
      paused: 'Paused',
      resumed: 'Resumed',
      'maintenance-announced': 'Maintenance announced',
      'maintenance-ended': 'Maintenance ended',
      'contact-corrected': 'Contact corrected',
    },
    deeds: {
      pause: {
        name: 'Pause',
        does: 'It is sent nothing new. What it has goes on. What is ready goes to another agency with the same service; where there is none it waits, and goes out by itself when the agency is resumed. When somebody waits for longer than the agency has to accept, an escalation is raised.',
      },
      resume: {
        name: 'Resume',
        does: 'What waited goes out by itself, the oldest cases first, with deadlines from now on.',
      },
      maintenance: {
        name: 'Announce maintenance',
        does: 'No deadline moves, since people wait. Reminders of deadlines within it go out when it ends, and escalations say that there was maintenance. It takes the place of one announced before.',
      },
      'maintenance-end': {
        name: 'End the maintenance',
        does: 'Reminders that waited go out now.',
      },
      contact: {
        name: 'Correct the contact',
        does: 'It holds until the agency publishes a contact other than today’s.',
      },
    },
    field: {
      reason: 'Why',
      note: 'What will be done',
      from: 'From (time in Lima)',
      until: 'Until (time in Lima)',
      email: 'E-mail',
      phone: 'Telephone',
    },
    wrong: {
      reason: 'Write why, in at most 500 characters.',
      note: 'Write what will be done, in at most 300 characters.',
      from: 'Choose day and hour.',
      until: 'Choose a day and hour that lie ahead, after the beginning and at most 14 days after it.',
      email: 'Write an e-mail address, or a telephone number.',
      phone: 'Only digits, spaces, parentheses, hyphens and +.',
    },
    refused: 'Not done.',
    refusals: {
      'already-paused': 'It is paused already: somebody was faster.',
      'not-paused': 'It is not paused: somebody has resumed it.',
      'no-maintenance': 'No maintenance is announced.',
      'bad-window': 'Look at the dates again.',
      'invalid-fields': 'Look at what is marked.',
    } as Record<string, string>,
    done: 'Done.',
    send: 'Confirm',
    back: 'Back to the agency',
  },
});
