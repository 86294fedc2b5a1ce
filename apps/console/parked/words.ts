/** Words of the parked messages. */
import type { ParkedStream } from '@retorno/messaging';
import { wordsOf } from '../frame/texts';

type Kinds = Readonly<Record<ParkedStream['kind'], string>>;

export const wordsIn = wordsOf({
  es: {
    title: 'Mensajes detenidos',
    lead: 'Un mensaje que no se pudo procesar espera aquí, con todos los que le siguen sobre el mismo asunto, para que ninguno se pierda ni cambie de orden. Los demás asuntos continúan. Después de corregir la causa, vuelva a procesarlos.',
    none: 'Nada está detenido: todos los servicios procesan lo que les llega. Si un mensaje no se puede procesar, aparece aquí con su causa.',
    isMore: 'Hay más de los que se muestran; aparecen cuando estos se resuelven.',
    silent: (names: string) => `No responden y pueden tener mensajes detenidos: ${names}.`,
    kinds: {
      parked: 'No se pudo procesar',
      gap: 'Faltan mensajes anteriores que no han llegado',
      timer: 'Una tarea con hora fija falla; se intenta de nuevo sola',
    } satisfies Kinds,
    count: (n: number) => (n === 1 ? '1 asunto detenido' : `${n} asuntos detenidos`),
    cause: 'Causa',
    service: 'Servicio',
    message: 'Mensaje',
    unreadable: 'ilegible',
    behind: 'Detrás esperan',
    since: 'Detenido desde',
    attempts: 'Intentos',
    next: 'Se intenta solo',
    waits: 'espera a una persona',
    sequence: 'Ver la secuencia',
    redrive: 'Procesar de nuevo',
    redriveGroup: (n: number) => `Procesar de nuevo todo el grupo (${n})`,
    done: (handled: number) =>
      handled === 1 ? 'Se procesó 1 mensaje.' : `Se procesaron ${handled} mensajes.`,
    failed: (n: number) =>
      n === 1
        ? 'Un asunto sigue detenido: la causa continúa.'
        : `${n} asuntos siguen detenidos: la causa continúa.`,
    remaining: (n: number) => `Faltan ${n}: repita la acción para seguir.`,
    skipped: 'El mensaje se dejó fuera; lo que esperaba detrás continúa.',
    gone: 'Ya no está detenido: se procesó entretanto.',
    skip: 'Dejar fuera para siempre',
    skipText:
      'El primer mensaje no se procesará nunca; los que esperan detrás continúan. Queda guardado con su nombre y el motivo. Use esto solo si el mensaje no sirve o si lo que decía ya se hizo por otro camino.',
    skipGapText:
      'Se renuncia a los mensajes que faltan; los que esperan detrás continúan. Queda guardado con su nombre y el motivo.',
    skipLead: 'Dejar un mensaje fuera lo decide la jefatura de operaciones.',
    reason: 'Motivo',
    reasonMissing: 'Escriba el motivo, en 500 letras como máximo.',
    stream: 'Secuencia detenida',
    streamText: 'En su orden. El contenido no se muestra: puede tener datos personales.',
    first: 'el primero; detiene a los demás',
    position: 'Lugar',
    at: 'Ocurrió',
    waitsSince: 'Espera desde',
    shown: (shown: number, all: number) => `Se muestran ${shown} de ${all}.`,
    nextPage: 'Ver los siguientes',
    back: 'Volver a los mensajes detenidos',
    outside: 'fuera de orden',
  },
  en: {
    title: 'Parked messages',
    lead: 'A message that could not be handled waits here, with everything behind it on the same subject, so that none is lost or changes places. All other subjects go on. After the cause is mended, have them handled again.',
    none: 'Nothing stands still: every service handles what it gets. A message that cannot be handled appears here with its cause.',
    isMore: 'There are more than are shown; they appear as these are settled.',
    silent: (names: string) => `Do not answer, and may have parked messages: ${names}.`,
    kinds: {
      parked: 'Could not be handled',
      gap: 'Messages before them have not arrived',
      timer: 'A timer fails; it is tried again by itself',
    } satisfies Kinds,
    count: (n: number) => (n === 1 ? '1 subject stands still' : `${n} subjects stand still`),
    cause: 'Cause',
    service: 'Service',
    message: 'Message',
    unreadable: 'unreadable',
    behind: 'Wait behind it',
    since: 'Parked since',
    attempts: 'Tries',
    next: 'Tried by itself',
    waits: 'waits for a person',
    sequence: 'See the sequence',
    redrive: 'Handle again',
    redriveGroup: (n: number) => `Handle the whole group again (${n})`,
    done: (handled: number) =>
      handled === 1 ? '1 message was handled.' : `${handled} messages were handled.`,
    failed: (n: number) =>
      n === 1
        ? 'One subject still stands: the cause persists.'
        : `${n} subjects still stand: the cause persists.`,
    remaining: (n: number) => `${n} are left: do it again to go on.`,
    skipped: 'The message was left out; what waited behind it goes on.',
    gone: 'It does not stand still any more: it was handled meanwhile.',
    skip: 'Leave out for good',
    skipText:
      'The first message will never be handled; those behind it go on. It is kept with your name and the reason. Only for a message that is of no use, or when what it said was done in another way.',
    skipGapText:
      'What is missing is given up; those behind it go on. It is kept with your name and the reason.',
    skipLead: 'A lead of operations decides about leaving a message out.',
    reason: 'Reason',
    reasonMissing: 'Give the reason, in 500 characters at most.',
    stream: 'Parked sequence',
    streamText: 'In its order. What the messages say is not shown: it may be personal.',
    first: 'the first; it holds the others up',
    position: 'Place',
    at: 'Happened',
    waitsSince: 'Waits since',
    shown: (shown: number, all: number) => `${shown} of ${all} are shown.`,
    nextPage: 'See the next ones',
    back: 'Back to the parked messages',
    outside: 'outside its order',
  },
});
