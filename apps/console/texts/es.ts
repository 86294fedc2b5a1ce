/** Español. Quien agrega un texto aquí lo agrega también en `en.ts`: el compilador lo exige. */
export const es = {
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
  cases: {
    title: 'Casos',
    search: 'Número de caso',
    status: 'Estado',
    any: 'Todos',
    agency: 'Institución que debe responder',
    overdue: 'Con retraso',
    filter: 'Buscar',
    none: 'Ningún caso coincide. Quite algún filtro, o registre llegadas desde un manifiesto.',
    more: 'Siguientes',
    number: 'Caso',
    waitsFor: 'Espera a',
    escalations: 'Alertas',
    opened: 'Abierto',
    late: 'desde',
    statuses: { open: 'abierto', closing: 'cerrándose', completed: 'completo', closed: 'cerrado' },
  },
  failure: { title: 'Algo falló', text: 'No se pudo mostrar la página. Intente de nuevo en un momento.' },
};

/** What every language has to say. */
export type Words = typeof es;
