/** Words of the frame, and of pages that belong to no screen. */
import { wordsOf } from './texts';

export const frameWords = wordsOf({
  es: {
    menuLabel: 'Pantallas',
    menu: {
      home: 'Inicio',
      cases: 'Casos',
      worklist: 'Bandeja',
      statistics: 'Estadísticas',
      offices: 'Sedes',
      agencies: 'Instituciones',
      intake: 'Registro',
    },
    skip: 'Saltar al contenido',
    otherLanguage: 'English',
    logout: 'Salir',
    bye: {
      title: 'Sesión cerrada',
      text: 'Ya puede cerrar esta ventana.',
      again: 'Entrar de nuevo',
    },
    loginFailed: {
      title: 'No se pudo entrar',
      text: 'La entrada tardó demasiado o no empezó en esta ventana.',
      again: 'Intentar de nuevo',
    },
    forbidden: {
      title: 'No es para su rol',
      text: 'Su usuario no puede ver esta página. Si la necesita, pídala a quien administra los usuarios.',
      home: 'Ir al inicio',
    },
    live: {
      pause: 'Pausar cambios en vivo',
      resume: 'Reanudar cambios en vivo',
      stale: 'Esta página no pudo actualizarse: muestra lo último que llegó.',
    },
    expired: {
      title: 'Su sesión terminó',
      kept: 'Nada se perdió: lo que escribió sigue en esta página. Entre en otra ventana, vuelva aquí y envíelo otra vez.',
      notKept: 'Entre en otra ventana, vuelva aquí, retroceda una página y elija otra vez el archivo.',
      login: 'Entrar en otra ventana',
      send: 'Enviar otra vez',
      stale: 'Su sesión terminó: esta página ya no se actualiza. Lo que escribió sigue aquí.',
      done: 'Ya entró',
      goBack: 'Cierre esta ventana y siga en la anterior.',
    },
    failure: { title: 'Algo falló', text: 'No se pudo mostrar la página. Intente de nuevo en un momento.' },
  },
  en: {
    menuLabel: 'Screens',
    menu: {
      home: 'Home',
      cases: 'Cases',
      worklist: 'Worklist',
      statistics: 'Statistics',
      offices: 'Offices',
      agencies: 'Agencies',
      intake: 'Intake',
    },
    skip: 'Skip to the content',
    otherLanguage: 'Español',
    logout: 'Log out',
    bye: { title: 'Logged out', text: 'You can close this window now.', again: 'Log in again' },
    loginFailed: {
      title: 'The login failed',
      text: 'It took too long, or it was not begun in this window.',
      again: 'Try again',
    },
    forbidden: {
      title: 'Not for your role',
      text: 'Your user may not see this page. If you need it, ask whoever administers users.',
      home: 'To the home page',
    },
    live: {
      pause: 'Pause live changes',
      resume: 'Resume live changes',
      stale: 'This page could not be updated: it shows what came last.',
    },
    expired: {
      title: 'Your session is over',
      kept: 'Nothing is lost: what you wrote is still in this page. Log in in another window, come back and send it again.',
      notKept: 'Log in in another window, come back, go back one page and choose the file again.',
      login: 'Log in in another window',
      send: 'Send again',
      stale: 'Your session is over: this page is not updated any more. What you wrote is still here.',
      done: 'You are logged in',
      goBack: 'Close this window and go on in the one before.',
    },
    failure: { title: 'Something failed', text: 'The page could not be shown. Try again in a moment.' },
  },
});
