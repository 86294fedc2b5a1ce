/** A standing as one plain sentence: what is waited for, and who acts next. */
import { codesIn, wordOf } from '../codes/codes';
import { hasEnded, outlookFor, type CaseFile, type ShownReferral } from './case';
import { namesOf, type Names } from './names';
import type { Standing } from './standing';
import { dayIn, whenIn, wordsOf, type Language } from '../frame/texts';

/** Everything a sentence may name, in words already. `by`: a moment, '' when there is none. */
interface Said {
  readonly agency: string;
  readonly service: string;
  readonly by: string;
  readonly holds: string;
  readonly escalates: string;
  readonly reason: string;
  readonly number: string;
  readonly claimed: boolean;
  /** Until when the agency is in maintenance. */
  readonly maintenance: string;
}

type Sentences = Record<Standing['kind'], (said: Said) => string>;

const sentencesIn = wordsOf<Sentences>({
  es: {
    merged: ({ number }) => `El caso se unió a ${number}: siga allí. Aquí nadie tiene que hacer nada.`,
    completed: ({ by }) => `El caso está completo desde el ${by}. Nadie tiene que hacer nada.`,
    closed: ({ by, reason }) => `El caso se cerró el ${by}: ${reason}. Nadie tiene que hacer nada.`,
    closing: (s) =>
      `El caso se está cerrando: ${s.agency} debe confirmar que dejó «${s.service}»${until(s)}.`,
    cancellation: (s) =>
      `Se pidió detener «${s.service}»: ${s.agency} debe confirmarlo, o decir que ya terminó${until(s)}.`,
    escalation: (s) =>
      `${s.claimed ? 'Alguien de operaciones ya lo ve y' : 'Operaciones'} debe decidir: ${s.reason}${about(s)}.`,
    'info-requested': (s) =>
      `${s.agency} pidió información para «${s.service}». Operaciones debe conseguirla y responder.`,
    'ack-overdue': (s) =>
      `${s.agency} debía aceptar o rechazar «${s.service}» y no respondió: el plazo venció el ${s.by}.${workEs(s)}${laterEs(s)}`,
    'done-overdue': (s) =>
      `${s.agency} debía terminar «${s.service}» y no lo hizo: el plazo venció el ${s.by}.${workEs(s)}${laterEs(s)}`,
    gate: (s) => `Todo lo demás espera una decisión previa de ${s.agency}${until(s)}.`,
    ack: (s) =>
      `Se espera que ${s.agency} acepte o rechace «${s.service}»${until(s)}.${workEs(s)}${holdsEs(s)}`,
    done: (s) => `Se espera que ${s.agency} termine «${s.service}»${until(s)}.${workEs(s)}${holdsEs(s)}`,
    scheduled: (s) =>
      `La persona tiene cita con ${s.agency} para «${s.service}»${s.by && `: ${s.by}`}. Después, ${s.agency} debe informar.${holdsEs(s)}`,
    waitlisted: (s) =>
      `«${s.service}» está en lista de espera en ${s.agency}, que debe atenderla${until(s)}.${holdsEs(s)}`,
    'on-hold': (s) => `${s.agency} puso «${s.service}» en pausa y debe retomarla${until(s)}.${holdsEs(s)}`,
    'no-show': (s) =>
      `La persona no asistió a su cita para «${s.service}». ${s.agency} debe darle otra o informar${until(s)}.${holdsEs(s)}`,
    confirmation: (s) =>
      `${s.agency} entregó «${s.service}». La persona puede confirmarlo o negarlo hasta el ${s.by}; si no dice nada, se da por entregado.`,
    consent: (s) =>
      `Falta el consentimiento de la persona: quien está en contacto con ella debe pedirlo.${laterEs(s)}`,
    arrival: (s) =>
      `Se espera la llegada de la persona${s.by ? `, prevista para el ${s.by}` : ', que no tiene fecha'}.${laterEs(s)}`,
    paused: (s) =>
      `«${s.service}» está lista y espera: ${s.agency} está en pausa desde el ${s.by}. Sale sola cuando operaciones la reanude.${laterEs(s)}`,
    prerequisite: (s) =>
      `«${s.service}» espera un paso previo (${s.holds}) que nadie está atendiendo. Operaciones debe decidir.`,
    'end-of-case': ({ by }) => `No queda nada por hacer: el caso termina solo el ${by}.`,
    nothing: () =>
      'El caso está abierto y no espera a nadie: termina solo cuando no quede nada por resolver.',
  },
  en: {
    merged: ({ number }) =>
      `The case was merged into ${number}: go on there. Nobody has to do anything here.`,
    completed: ({ by }) => `The case is completed since ${by}. Nobody has to do anything.`,
    closed: ({ by, reason }) => `The case was closed on ${by}: ${reason}. Nobody has to do anything.`,
    closing: (s) =>
      `The case is closing: ${s.agency} must say that it has stopped “${s.service}”${untilEn(s)}.`,
    cancellation: (s) =>
      `“${s.service}” is to be stopped: ${s.agency} must say that it has, or that it is done already${untilEn(s)}.`,
    escalation: (s) =>
      `${s.claimed ? 'Somebody in operations has taken it and' : 'Operations'} must decide: ${s.reason}${aboutEn(s)}.`,
    'info-requested': (s) =>
      `${s.agency} asked for information about “${s.service}”. Operations must find it and answer.`,
    'ack-overdue': (s) =>
      `${s.agency} should have accepted or rejected “${s.service}”${untilEn(s)} and did not answer.${workEn(s)}${laterEn(s)}`,
    'done-overdue': (s) =>
      `${s.agency} should have finished “${s.service}”${untilEn(s)} and did not.${workEn(s)}${laterEn(s)}`,
    gate: (s) => `Everything else waits for a decision of ${s.agency}${untilEn(s)}.`,
    ack: (s) => `${s.agency} is to accept or reject “${s.service}”${untilEn(s)}.${workEn(s)}${holdsEn(s)}`,
    done: (s) => `${s.agency} is to finish “${s.service}”${untilEn(s)}.${workEn(s)}${holdsEn(s)}`,
    scheduled: (s) =>
      `The person has an appointment with ${s.agency} for “${s.service}”${s.by && `: ${s.by}`}. Then ${s.agency} must report.${holdsEn(s)}`,
    waitlisted: (s) =>
      `“${s.service}” is on the waiting list of ${s.agency}, which must serve it${untilEn(s)}.${holdsEn(s)}`,
    'on-hold': (s) =>
      `${s.agency} put “${s.service}” on hold and must take it up again${untilEn(s)}.${holdsEn(s)}`,
    'no-show': (s) =>
      `The person missed the appointment for “${s.service}”. ${s.agency} must give another one or report${untilEn(s)}.${holdsEn(s)}`,
    confirmation: (s) =>
      `${s.agency} delivered “${s.service}”. The person can confirm or dispute it by ${s.by}; without a word it counts as delivered.`,
    consent: (s) => `The person's consent is missing: whoever is in touch must ask for it.${laterEn(s)}`,
    arrival: (s) =>
      `The person's arrival is awaited${s.by ? `, expected on ${s.by}` : '; it has no date'}.${laterEn(s)}`,
    paused: (s) =>
      `“${s.service}” is ready and waits: ${s.agency} is paused since ${s.by}. It goes out by itself once operations resume it.${laterEn(s)}`,
    prerequisite: (s) =>
      `“${s.service}” waits for a step (${s.holds}) that nobody works on. Operations must decide.`,
    'end-of-case': ({ by }) => `Nothing is left to do: the case ends by itself on ${by}.`,
    nothing: () => 'The case is open and waits for nobody: it ends by itself once nothing is left to settle.',
  },
});

const until = ({ by }: Said) => by && `, a más tardar el ${by}`;
const untilEn = ({ by }: Said) => by && ` by ${by}`;
const about = ({ service, agency }: Said) => service && ` («${service}», ${agency})`;
const aboutEn = ({ service, agency }: Said) => service && ` (“${service}”, ${agency})`;
const holdsEs = ({ holds }: Said) => holds && ` De esto depende: ${holds}.`;
const holdsEn = ({ holds }: Said) => holds && ` Waiting for it: ${holds}.`;
const workEs = ({ maintenance }: Said) => maintenance && ` Está en mantenimiento hasta el ${maintenance}.`;
const workEn = ({ maintenance }: Said) => maintenance && ` It is in maintenance until ${maintenance}.`;
const laterEs = ({ escalates }: Said) => escalates && ` Si no ocurre, el ${escalates} pasa a operaciones.`;
const laterEn = ({ escalates }: Said) =>
  escalates && ` If it does not happen, it goes to operations on ${escalates}.`;

/** The sentence for a standing of a case. What lists do not show is not named. */
export function sentenceOf(standing: Standing, file: CaseFile, language: Language): string {
  // A time in Spanish ends with a full stop of its own: «3:00 p. m.»
  return sentencesIn(language)
    [standing.kind](saidOf(standing, file, language))
    .replaceAll('..', '.');
}

function saidOf(standing: Standing, file: CaseFile, language: Language): Said {
  const names = namesOf(file, language);
  const codes = codesIn(language);
  const when = (iso: string | null | undefined) => (iso ? whenIn(language, iso) : '');
  const said: Said = {
    agency: '',
    service: '',
    by: '',
    holds: '',
    escalates: '',
    reason: '',
    number: '',
    claimed: false,
    maintenance: 'referral' in standing ? when(outlookFor(file, standing.referral.id).maintenanceUntil) : '',
  };
  const of = 'referral' in standing ? subjectOf(standing.referral, names, language) : {};
  const escalates = 'escalatesAt' in standing ? when(standing.escalatesAt) : '';
  switch (standing.kind) {
    case 'merged':
      return { ...said, number: standing.number };
    case 'completed':
      return { ...said, by: when(standing.since) };
    case 'closed':
      return { ...said, by: when(standing.since), reason: wordOf(codes.close, standing.reason ?? '') };
    case 'escalation': {
      const { reason, referralId, detail, status } = standing.escalation;
      const referral = file.shown.referrals.find((r) => r.id === referralId);
      const subject = referral ? subjectOf(referral, names, language) : { service: '', agency: '' };
      const code = detail['need'] ?? detail['service'];
      const what = referral || code === undefined ? '' : ` «${names.code(code)}»`;
      return {
        ...said,
        ...subject,
        reason: wordOf(codes.escalation, kindOf(reason, detail)) + what,
        claimed: status === 'claimed',
      };
    }
    case 'consent':
      return { ...said, escalates };
    case 'arrival':
      return { ...said, by: standing.date ? dayIn(language, standing.date) : '', escalates };
    case 'paused':
      return { ...said, ...of, by: when(standing.since), escalates };
    case 'prerequisite':
      return { ...said, ...of, holds: unmetNames(standing.referral.id, file, names) };
    case 'end-of-case':
      return { ...said, by: when(standing.at) };
    case 'nothing':
    case 'info-requested':
      return { ...said, ...of };
    default: {
      const holds = 'holds' in standing ? standing.holds.filter((r) => !hasEnded(r)).map(names.service) : [];
      return { ...said, ...of, by: when(standing.by), holds: [...new Set(holds)].join(', '), escalates };
    }
  }
}

/** Three things are said as no-provider: nobody offers it, who does is paused, or the case ended before somebody did. */
function kindOf(reason: string, detail: Readonly<Record<string, string>>): string {
  if (detail['paused'] !== undefined) return 'agency-paused';
  return detail['offered'] === undefined ? reason : 'offered-now';
}

const NOT_NAMED: Record<Language, string> = { es: 'una institución', en: 'an agency' };

function subjectOf(
  referral: ShownReferral,
  names: Names,
  language: Language,
): Pick<Said, 'agency' | 'service'> {
  const agency = names.agency(referral);
  const isNamed = agency !== names.restricted;
  return {
    agency: isNamed ? agency : `${NOT_NAMED[language]} (${agency})`,
    service: names.service(referral),
  };
}

function unmetNames(id: string, { outlook }: CaseFile, names: Names): string {
  const unmet = (outlook.referrals[id]?.prerequisites ?? []).filter(({ state }) => state === 'awaited');
  return unmet.map(names.prerequisite).join(', ');
}
