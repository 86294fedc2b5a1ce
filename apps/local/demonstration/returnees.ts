/** The made-up people of the demonstration's troubles, as `POST /intake/returnees` takes them. Their ids stay the same, so that a second try registers nobody twice. */

const AUTHORITY = 'consulate:cl-santiago';

/** Who waits for an answer that is late. */
export function whoWaits(now: Date): object {
  return returnee(now, 1, { family_names: 'Ccori Salas', given_names: 'Maribel', needs: ['legal-advice'] });
}

/** Whose referrals stand still. */
export function whoStandsStill(now: Date): object[] {
  return [
    ['Tello Pinedo', 'Wilmer', '1984-03-09', 'M'],
    ['Yaranga Poma', 'Nélida', '1997-10-30', 'F'],
    ['Zevallos Ríos', 'Abel', '1973-01-17', 'M'],
  ].map(([family_names, given_names, date_of_birth, sex], i) =>
    returnee(now, i + 2, { family_names, given_names, date_of_birth, sex, needs: ['emotional-support'] }),
  );
}

function returnee(now: Date, n: number, changes: object): object {
  // Lima is UTC-5 all year.
  const today = new Date(now.getTime() - 5 * 3_600_000).toISOString().slice(0, 10);
  return {
    external_id: `DEMO-${n}`,
    sending_authority: AUTHORITY,
    return_type: 'voluntary',
    arrival_date: today,
    flight: 'LA2370',
    origin_country: 'CL',
    nationality: 'PE',
    port_of_entry: 'LIM',
    date_of_birth: '1991-06-24',
    sex: 'F',
    // Nothing is to be verified, so only what they ask for is waited for.
    document_type: 'safe-conduct',
    document_number: `SC90010${n}`,
    household: '',
    relationship: 'single',
    phone: `+51987000${n}${n}${n}`,
    email: '',
    languages: ['es'],
    years_abroad: 2,
    destination_ubigeo: '150101',
    vulnerabilities: [],
    consent: 'granted',
    consent_at: now.toISOString(),
    ...changes,
  };
}
