/** Words of the frame, and of pages that belong to no screen. */
import { wordsOf } from './texts';

export const frameWords = wordsOf({
  es: {
    menuLabel: 'Pantallas',
    menu: { home: 'Inicio', cases: 'Casos', worklist: 'Bandeja' },
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
    failure: { title: 'Algo falló', text: 'No se pudo mostrar la página. Intente de nuevo en un momento.' },
  },
  en: {
    menuLabel: 'Screens',
    menu: { home: 'Home', cases: 'Cases', worklist: 'Worklist' },
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
    failure: { title: 'Something failed', text: 'The page could not be shown. Try again in a moment.' },
  },
});
