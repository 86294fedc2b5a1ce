/** Which of an agency's offices is nearest: by INEI's district codes, which hold department, province and district. */
import type { Office } from '@retorno/contracts';

/** Where somebody is and what they speak. What is left out makes no difference. */
export interface Whereabouts {
  /** INEI code of the district, six digits. */
  readonly ubigeo?: string | undefined;
  /** ISO 639-1; any of them will do. */
  readonly languages?: readonly string[] | undefined;
}

const SPANISH = ['es'];
const EARTH_RADIUS_KM = 6371;
/** Of a place that is in no department that we know: behind all others. */
const FAR_AWAY_KM = 20_000;

/**
 * Where the capitals of the departments lie: latitude and longitude in degrees, by INEI's code, to a hundredth of a
 * degree (about 1 km). Source: GeoNames (geonames.org, CC BY 4.0).
 */
const CAPITALS: Readonly<Record<string, readonly [latitude: number, longitude: number]>> = {
  '01': [-6.23, -77.87], // Amazonas: Chachapoyas
  '02': [-9.53, -77.53], // Áncash: Huaraz
  '03': [-13.63, -72.88], // Apurímac: Abancay
  '04': [-16.4, -71.54], // Arequipa
  '05': [-13.16, -74.22], // Ayacucho
  '06': [-7.16, -78.5], // Cajamarca
  '07': [-12.06, -77.12], // Callao
  '08': [-13.52, -71.97], // Cusco
  '09': [-12.78, -74.97], // Huancavelica
  '10': [-9.93, -76.24], // Huánuco
  '11': [-14.07, -75.73], // Ica
  '12': [-12.07, -75.2], // Junín: Huancayo
  '13': [-8.12, -79.03], // La Libertad: Trujillo
  '14': [-6.77, -79.84], // Lambayeque: Chiclayo
  '15': [-12.04, -77.03], // Lima
  '16': [-3.75, -73.25], // Loreto: Iquitos
  '17': [-12.59, -69.19], // Madre de Dios: Puerto Maldonado
  '18': [-17.2, -70.94], // Moquegua
  '19': [-10.67, -76.26], // Pasco: Cerro de Pasco
  '20': [-5.19, -80.63], // Piura
  '21': [-15.84, -70.02], // Puno
  '22': [-6.03, -76.97], // San Martín: Moyobamba
  '23': [-18.01, -70.25], // Tacna
  '24': [-3.57, -80.45], // Tumbes
  '25': [-8.38, -74.55], // Ucayali: Pucallpa
};

/** Whether an office offers a service; one that names none offers all of its agency's. */
export function servesAt(office: Pick<Office, 'services'>, service: string): boolean {
  return office.services?.includes(service) ?? true;
}

/**
 * The offices that offer a service, the best first: those that speak one of the languages before those that do not, then
 * the same district, the same province, the same department, and the others by the distance between the departments'
 * capitals. Offices that are equal keep their order.
 */
export function nearestOffices(
  offices: readonly Office[],
  service: string | undefined,
  at: Whereabouts,
): Office[] {
  return offices
    .filter((office) => service === undefined || servesAt(office, service))
    .map((office) => ({ office, rank: rankOf(office, at) }))
    .sort((a, b) => a.rank.mute - b.rank.mute || a.rank.step - b.rank.step || a.rank.km - b.rank.km)
    .map(({ office }) => office);
}

function rankOf(office: Office, { ubigeo, languages }: Whereabouts) {
  const spoken = office.languages ?? SPANISH;
  const mute = !languages?.length || languages.some((language) => spoken.includes(language)) ? 0 : 1;
  if (ubigeo === undefined) return { mute, step: 0, km: 0 };
  const step = [6, 4, 2].findIndex(
    (digits) => office.ubigeoInei.slice(0, digits) === ubigeo.slice(0, digits),
  );
  return step < 0
    ? { mute, step: 3, km: kilometres(office.ubigeoInei.slice(0, 2), ubigeo.slice(0, 2)) }
    : { mute, step, km: 0 };
}

/** Between the capitals of two departments, as the crow flies (haversine). */
function kilometres(a: string, b: string): number {
  const from = CAPITALS[a];
  const to = CAPITALS[b];
  if (!from || !to) return FAR_AWAY_KM;
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [north, east] = [radians(to[0] - from[0]), radians(to[1] - from[1])];
  const h =
    Math.sin(north / 2) ** 2 +
    Math.cos(radians(from[0])) * Math.cos(radians(to[0])) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(h));
}
