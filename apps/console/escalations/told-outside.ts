/** How operations are told outside the screen of what is due and nobody's. Pure. */
import { html, type Html } from '@retorno/service';
import type { Setting } from '../frame/page';
import { whenIn, wordsOf } from '../frame/texts';

/** `GET /escalations/notifications`. */
export interface NotificationView {
  readonly ways: readonly {
    readonly way: 'e-mail' | 'webhook';
    readonly receivers: number;
    readonly lastSentAt: string | null;
    readonly failingSince: string | null;
    readonly failure: string | null;
  }[];
  readonly afterMinutes: number;
  /** `n d` (working days) or `n h`. */
  readonly again: string;
}

const wordsIn = wordsOf({
  es: {
    off: 'Fuera de la pantalla no se avisa a nadie de lo que vence sin responsable. Quien administra el sistema puede configurar el correo o un webhook.',
    on: (ways: string, after: number, again: string) =>
      `Lo que vence sin responsable se avisa también fuera de la pantalla: ${ways}, desde ${after} min después de vencer; otra vez cada ${again} mientras nadie lo tome.`,
    ways: {
      'e-mail': (receivers: number) =>
        receivers === 1 ? 'por correo' : `por correo a ${receivers} direcciones`,
      webhook: () => 'por webhook',
    },
    and: ' y ',
    again: { d: 'días hábiles', h: 'horas' },
    failing: {
      'e-mail': (since: string) => `Los avisos por correo no llegan desde el ${since}`,
      webhook: (since: string) => `Los avisos por webhook no llegan desde el ${since}`,
    },
    tried: 'Se siguen intentando; mientras tanto, mire esta cola.',
  },
  en: {
    off: 'Nobody is told outside the screen of what is due and nobody’s. Whoever runs the system can set up e-mail or a webhook.',
    on: (ways: string, after: number, again: string) =>
      `What is due and nobody’s is also told outside the screen: ${ways}, from ${after} min past its time; again every ${again} while nobody takes it.`,
    ways: {
      'e-mail': (receivers: number) =>
        receivers === 1 ? 'by e-mail' : `by e-mail to ${receivers} addresses`,
      webhook: () => 'by webhook',
    },
    and: ' and ',
    again: { d: 'working days', h: 'hours' },
    failing: {
      'e-mail': (since: string) => `E-mail has not arrived since ${since}`,
      webhook: (since: string) => `The webhook has not been reached since ${since}`,
    },
    tried: 'It is tried again; look at this queue meanwhile.',
  },
});

/** All of it in a few lines. */
export function toldOutside(setting: Setting, view: NotificationView): Html {
  const words = wordsIn(setting.language);
  if (view.ways.length === 0) return html`<p class="notice">${words.off}</p>`;
  const ways = view.ways.map(({ way, receivers }) => words.ways[way](receivers)).join(words.and);
  return html`${notToldOutside(setting, view)}
    <p>${words.on(ways, view.afterMinutes, againIn(setting, view.again))}</p>`;
}

/** Only what is wrong with it; nothing when it works. */
export function notToldOutside(setting: Setting, view: NotificationView): Html | false {
  const words = wordsIn(setting.language);
  if (view.ways.length === 0) return html`<p class="notice">${words.off}</p>`;
  const failing = view.ways.filter(({ failingSince }) => failingSince !== null);
  if (failing.length === 0) return false;
  const lines = failing.map(({ way, failingSince, failure }) => {
    const since = whenIn(setting.language, failingSince!);
    return html`<strong>${words.failing[way](since)}</strong> (${failure ?? ''}). `;
  });
  return html`<p class="notice">${lines}${words.tried}</p>`;
}

function againIn({ language }: Setting, again: string): string {
  const [count, unit] = again.split(' ');
  return `${count} ${wordsIn(language).again[unit as 'd' | 'h']}`;
}
