import type { CaseFile } from './case';
import { sentenceOf } from './sentence';
import { standingsOf } from './standing';
import { NOT_NAMED, aFile, anEscalation, aPlanned, aReferral, BEFORE, LATER, waitsFor } from './testing';

const sentence = (file: CaseFile) => sentenceOf(standingsOf(file)[0], file, 'es');
const kinds = (file: CaseFile) => standingsOf(file).map(({ kind }) => kind);
const one = (changes: Parameters<typeof aReferral>[0]) => aFile({ referrals: [aReferral(changes)] });
const cancellation = { requestedAt: BEFORE, dueAt: LATER };

describe('why a case is where it is, and who acts next', () => {
  it.each<[string, CaseFile, string]>([
    [
      'an agency has not said yet whether it takes it',
      aFile(),
      'Se espera que RENIEC acepte o rechace «Emisión del DNI», a más tardar el 27 nov. 2026, 10:00 a. m.',
    ],
    [
      'an agency works on it, and something else waits for that',
      aFile(
        { referrals: [aReferral({ status: 'accepted', acknowledgedAt: BEFORE }), aPlanned()] },
        { referrals: { 'r-2': waitsFor('r-1') } },
      ),
      'Se espera que RENIEC termine «Emisión del DNI», a más tardar el 27 nov. 2026, 10:00 a. m. De esto depende: Bolsa de trabajo.',
    ],
    [
      'the decision about a child that came alone comes first, and is not named',
      aFile(
        { referrals: [aReferral(NOT_NAMED), aPlanned()] },
        { referrals: { 'r-2': waitsFor('r-1', { gate: true }) } },
      ),
      'Todo lo demás espera una decisión previa de una institución (restringido), a más tardar el 27 nov. 2026, 10:00 a. m.',
    ],
    [
      'an agency is late with its answer',
      aFile(
        { referrals: [aReferral({ ackDueAt: BEFORE })] },
        { timers: [{ at: LATER, what: 'escalate', reason: 'ack-overdue', referralId: 'r-1' }] },
      ),
      'RENIEC debía aceptar o rechazar «Emisión del DNI» y no respondió: el plazo venció el 23 nov. 2026, 10:00 a. m. Si no ocurre, el 27 nov. 2026, 10:00 a. m. pasa a operaciones.',
    ],
    [
      'an agency is late, and in maintenance',
      aFile(
        { referrals: [aReferral({ ackDueAt: BEFORE })] },
        { referrals: { 'r-1': { ...waitsFor(null), prerequisites: [], maintenanceUntil: LATER } } },
      ),
      'RENIEC debía aceptar o rechazar «Emisión del DNI» y no respondió: el plazo venció el 23 nov. 2026, 10:00 a. m. Está en mantenimiento hasta el 27 nov. 2026, 10:00 a. m.',
    ],
    [
      'operations have paused the agency',
      aFile(
        {
          referrals: [
            aReferral({ status: 'planned', businessStatus: 'awaiting-agency', pausedSince: BEFORE }),
          ],
        },
        { timers: [{ at: LATER, what: 'escalate', reason: 'no-provider' }] },
      ),
      '«Emisión del DNI» está lista y espera: RENIEC está en pausa desde el 23 nov. 2026, 10:00 a. m. Sale sola cuando operaciones la reanude. Si no ocurre, el 27 nov. 2026, 10:00 a. m. pasa a operaciones.',
    ],
    [
      'the agency is paused, and the person waits for too long',
      aFile({
        referrals: [aReferral({ status: 'planned', businessStatus: 'awaiting-agency', pausedSince: BEFORE })],
        escalations: [
          anEscalation({
            reason: 'no-provider',
            referralId: null,
            detail: { agency: 'identity', service: 'dni-issue', paused: 'true' },
          }),
        ],
      }),
      'Operaciones debe decidir: la institución está en pausa y la persona espera «Emisión del DNI».',
    ],
    [
      'an agency is late with its work',
      one({ status: 'accepted', acknowledgedAt: BEFORE, dueAt: BEFORE }),
      'RENIEC debía terminar «Emisión del DNI» y no lo hizo: el plazo venció el 23 nov. 2026, 10:00 a. m.',
    ],
    [
      'the person has an appointment',
      one({ status: 'accepted', acknowledgedAt: BEFORE, businessStatus: 'scheduled', scheduledFor: LATER }),
      'La persona tiene cita con RENIEC para «Emisión del DNI»: 27 nov. 2026, 10:00 a. m. Después, RENIEC debe informar.',
    ],
    [
      'the agency has no room yet',
      one({ businessStatus: 'waitlisted' }),
      '«Emisión del DNI» está en lista de espera en RENIEC, que debe atenderla, a más tardar el 27 nov. 2026, 10:00 a. m.',
    ],
    [
      'the agency paused it',
      one({ status: 'on-hold', acknowledgedAt: BEFORE }),
      'RENIEC puso «Emisión del DNI» en pausa y debe retomarla, a más tardar el 27 nov. 2026, 10:00 a. m.',
    ],
    [
      'the person missed the appointment',
      one({ status: 'accepted', acknowledgedAt: BEFORE, businessStatus: 'no-show' }),
      'La persona no asistió a su cita para «Emisión del DNI». RENIEC debe darle otra o informar, a más tardar el 27 nov. 2026, 10:00 a. m.',
    ],
    [
      'the agency asked for information',
      one({ status: 'accepted', acknowledgedAt: BEFORE, businessStatus: 'info-requested' }),
      'RENIEC pidió información para «Emisión del DNI». Operaciones debe conseguirla y responder.',
    ],
    [
      'a cancellation was requested',
      one({ cancellation }),
      'Se pidió detener «Emisión del DNI»: RENIEC debe confirmarlo, o decir que ya terminó, a más tardar el 27 nov. 2026, 10:00 a. m.',
    ],
    [
      'the returnee has not confirmed yet',
      one({ status: 'completed', businessStatus: 'delivered-unconfirmed', confirmBy: LATER }),
      'RENIEC entregó «Emisión del DNI». La persona puede confirmarlo o negarlo hasta el 27 nov. 2026, 10:00 a. m.; si no dice nada, se da por entregado.',
    ],
    [
      'the consent is pending',
      aFile(
        { consent: 'pending', referrals: [aPlanned({ businessStatus: 'awaiting-consent' })] },
        { timers: [{ at: LATER, what: 'escalate', reason: 'consent-overdue' }] },
      ),
      'Falta el consentimiento de la persona: quien está en contacto con ella debe pedirlo. Si no ocurre, el 27 nov. 2026, 10:00 a. m. pasa a operaciones.',
    ],
    [
      'the returnee has not arrived',
      aFile({ arrivalDate: '2026-12-03', referrals: [aPlanned({ businessStatus: 'awaiting-arrival' })] }),
      'Se espera la llegada de la persona, prevista para el 3 dic. 2026.',
    ],
    [
      'a step waits for one that nobody works on',
      aFile(
        { referrals: [aPlanned()] },
        { referrals: { 'r-2': waitsFor(null, { service: 'foreigner-card' }) } },
      ),
      '«Bolsa de trabajo» espera un paso previo (foreigner-card) que nadie está atendiendo. Operaciones debe decidir.',
    ],
    [
      'operations must decide',
      aFile({ escalations: [anEscalation()] }),
      'Operaciones debe decidir: la institución no ha respondido si acepta («Emisión del DNI», RENIEC).',
    ],
    [
      'somebody in operations has taken it',
      aFile({ escalations: [anEscalation({ status: 'claimed' })] }),
      'Alguien de operaciones ya lo ve y debe decidir: la institución no ha respondido si acepta («Emisión del DNI», RENIEC).',
    ],
    [
      'nobody offers a service that is not named',
      aFile({
        referrals: [],
        escalations: [
          anEscalation({
            reason: 'no-provider',
            referralId: null,
            detail: { need: 'restricted' },
          }),
        ],
      }),
      'Operaciones debe decidir: ninguna institución ofrece lo que se necesita «restringido».',
    ],
    [
      'the case is closing',
      aFile({ status: 'closing', closeReason: 'died', referrals: [aReferral({ cancellation })] }),
      'El caso se está cerrando: RENIEC debe confirmar que dejó «Emisión del DNI», a más tardar el 27 nov. 2026, 10:00 a. m.',
    ],
    [
      'the case is completed',
      aFile({ status: 'completed' }),
      'El caso está completo desde el 23 nov. 2026, 10:00 a. m. Nadie tiene que hacer nada.',
    ],
    [
      'the case was closed',
      aFile({ status: 'closed', closeReason: 'left-country' }),
      'El caso se cerró el 23 nov. 2026, 10:00 a. m.: salió del país. Nadie tiene que hacer nada.',
    ],
    [
      'the case was merged',
      aFile({ status: 'closed', closeReason: 'duplicate', mergedInto: { number: 'RT-2026-000009' } }),
      'El caso se unió a RT-2026-000009: siga allí. Aquí nadie tiene que hacer nada.',
    ],
    [
      'nothing is left to do',
      aFile({ referrals: [] }, { timers: [{ at: LATER, what: 'end-of-case' }] }),
      'No queda nada por hacer: el caso termina solo el 27 nov. 2026, 10:00 a. m.',
    ],
  ])('%s', (_when, file, said) => {
    expect(sentence(file).replace(/\u202f|\u00a0/g, ' ')).toBe(said);
    expect(sentenceOf(standingsOf(file)[0], file, 'en')).not.toContain('undefined');
  });

  it('begins with what a person must decide, then what is late, then what decides the end', () => {
    const file = aFile(
      {
        escalations: [anEscalation({ reason: 'rejected', referralId: 'r-0' })],
        referrals: [
          aReferral({ id: 'r-a' }),
          aReferral({ id: 'r-critical', status: 'accepted', acknowledgedAt: BEFORE }),
          aReferral({ id: 'r-late', dueAt: BEFORE }),
        ],
      },
      { critical: ['r-critical'] },
    );
    expect(kinds(file)).toEqual(['escalation', 'done-overdue', 'done', 'ack']);
  });

  it('does not say twice what an escalation says', () => {
    const file = aFile({
      escalations: [anEscalation({ reason: 'ack-overdue' })],
      referrals: [aReferral({ ackDueAt: BEFORE })],
    });
    expect(kinds(file)).toEqual(['escalation']);
  });

  it('says nothing of escalations that are resolved', () => {
    expect(kinds(aFile({ escalations: [anEscalation({ status: 'resolved' })] }))).toEqual(['ack']);
  });
});
