/** The page on which people of a demonstration log in. */
import { createHash } from 'node:crypto';
import { html, Html } from '@retorno/service';
import type { Holder } from './people';

export interface LoginPage {
  /** Of the login under way; without it there is none. */
  uid?: string;
  people: readonly Holder[];
  /** What was typed before. */
  login?: string;
  wrong?: boolean;
}

/** Spanish first, English second; works without script. */
export function loginPage({ uid, people, login = '', wrong = false }: LoginPage): string {
  const form = uid === undefined ? OVER : loginForm(uid, people, login, wrong);
  return inFrame('Retorno: entrar (demostración)', form);
}

/** The page on which people end the issuer's own session. `form` is the library's, with the key that ends it. */
export function logoutPage(form: string): string {
  const body = html`${new Html(form)}
    <p>¿Salir de Retorno en este navegador? <span lang="en">Log out of Retorno in this browser?</span></p>
    <button form="op.logoutForm" name="logout" value="yes">Salir <span lang="en">(log out)</span></button>`;
  return inFrame('Retorno: salir (demostración)', body);
}

/** In one piece, so that its hash names it to the browser. */
const STYLE =
  ':root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}body{margin:0 auto;max-width:26rem;padding:2rem 1rem}.note{border:2px solid;border-radius:.5rem;padding:.5rem 1rem}label{display:block;margin-top:1rem;font-weight:600}select,input,button{box-sizing:border-box;font:inherit;min-height:2.75rem;padding:.25rem .5rem;width:100%}button{margin-top:1.5rem}.wrong{font-weight:600}';
export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

function inFrame(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="es">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${new Html(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <main>
          <h1>Retorno</h1>
          <p class="note">
            <strong>Demostración.</strong> Estas personas no existen; la contraseña está en la terminal.
            <span lang="en">Demonstration: nobody here is real; the password is in the terminal.</span>
          </p>
          ${body}
        </main>
      </body>
    </html>`.text;
}

const SELECTED = html`selected`;
const OVER = html`<p>Esta entrada ya terminó: vuelva a la página y empiece de nuevo.</p>
  <p lang="en">This login is over: go back to the page and begin again.</p>`;

function loginForm(uid: string, people: readonly Holder[], login: string, wrong: boolean): Html {
  const refusal = wrong
    ? html`<p class="wrong" role="alert">
        La contraseña no es correcta. <span lang="en">Wrong password.</span>
      </p>`
    : null;
  const options = people.map(
    ({ id, name }) => html`<option value="${id}" ${id === login ? SELECTED : null}>${name}</option>`,
  );
  return html`${refusal}
    <form method="post" action="/login/interaction/${uid}">
      <label for="login">Persona <span lang="en">(person)</span></label>
      <select id="login" name="login">
        ${options}
      </select>
      <label for="password">Contraseña <span lang="en">(password)</span></label>
      <input id="password" name="password" type="password" autocomplete="off" required />
      <button>Entrar <span lang="en">(log in)</span></button>
    </form>`;
}
