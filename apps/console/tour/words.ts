/** Words of the tour of the demonstration. */
import { wordsOf } from '../frame/texts';

export type StepName = 'find' | 'reroute' | 'watch' | 'redrive' | 'import' | 'visit';
type Steps = Readonly<
  Record<StepName, { readonly title: string; readonly text: string; readonly link: string }>
>;

export const wordsIn = wordsOf({
  es: {
    title: 'Recorrido por la demostración',
    lead: 'En esta instalación de demostración hay un caso atrasado, una institución que no responde y mensajes detenidos. Las personas son inventadas: pruebe sin miedo.',
    nothing:
      'En esta instalación no hay datos de demostración, así que no hay nada que recorrer. Los trae el primer arranque de una carpeta vacía con npm start. Cómo se hace cada tarea está en la ayuda.',
    help: 'Ir a la ayuda',
    progress: (done: number, all: number) => `Hecho: ${done} de ${all}.`,
    finished: 'Hizo todo el recorrido. Ya puede trabajar.',
    done: 'hecho',
    todo: 'por hacer',
    dismiss: 'No mostrar más en el inicio',
    offer: 'Haga el recorrido por la demostración',
    worklist: 'Ir a la bandeja',
    staff:
      'Usted entró como personal de una institución: ve solo las derivaciones de su institución, y de cada persona solo lo que su servicio necesita. Abra la bandeja y responda una.',
    steps: {
      find: {
        title: 'Encuentre el caso atrasado y vea por qué espera',
        text: 'Desde el inicio, elija «con una respuesta atrasada» y abra el caso. La frase del principio dice qué institución no respondió y hasta cuándo debía. Este paso queda hecho cuando decide algo en el caso.',
        link: 'Ver los casos con retraso',
      },
      reroute: {
        title: 'Envíelo a otra institución',
        text: 'En la tabla de derivaciones, elija «Reenviar» en la que está con retraso. Escriba un motivo y envíe.',
        link: 'Abrir el caso',
      },
      watch: {
        title: 'Mire cómo avanza',
        text: 'Quédese en la página del caso: la institución anterior lo deja, la otra lo acepta y lo atiende. No hace falta recargar.',
        link: 'Abrir el caso',
      },
      redrive: {
        title: 'Procese de nuevo los mensajes detenidos',
        text: 'Tres derivaciones se detuvieron porque el servicio de una institución falló. La falla ya se corrigió: elija «Procesar de nuevo todo el grupo».',
        link: 'Ver los mensajes detenidos',
      },
      import: {
        title: 'Envíe un manifiesto',
        text: 'Suelte un archivo CSV en la página. Puede usar el de la demostración, apps/local/sample/arrivals-2026-11-20.csv: como ya se registró, sus filas salen sin cambios.',
        link: 'Ir al registro',
      },
      visit: {
        title: 'Entre como personal de salud',
        text: 'Abra una ventana privada, entre como health con la misma clave y abra /console/tour. Verá solo las derivaciones de salud.',
        link: '',
      },
    } satisfies Steps as Steps,
  },
  en: {
    title: 'Tour of the demonstration',
    lead: 'This installation is a demonstration: one case is overdue, one agency does not answer, and messages are parked. The people are made up, so try without fear.',
    nothing:
      'This installation holds no demonstration data, so there is nothing to tour. The first start of an empty folder with npm start brings it. How each task is done stands in the help.',
    help: 'To the help',
    progress: (done: number, all: number) => `Done: ${done} of ${all}.`,
    finished: 'You have done the whole tour. You are ready to work.',
    done: 'done',
    todo: 'to do',
    dismiss: 'Do not show it at home any more',
    offer: 'Take the tour of the demonstration',
    worklist: 'To the worklist',
    staff:
      "You are logged in as staff of an agency: you see your agency's referrals only, and of each person only what your service needs. Open the worklist and answer one.",
    steps: {
      find: {
        title: 'Find the overdue case and see why it waits',
        text: 'At home, choose “with an answer overdue” and open the case. The sentence on top says which agency did not answer, and by when it should have. This step is done when you decide something in the case.',
        link: 'See overdue cases',
      },
      reroute: {
        title: 'Send it to another agency',
        text: 'In the table of referrals, choose “Reroute” at the one that is overdue. Write a reason and send.',
        link: 'Open the case',
      },
      watch: {
        title: 'Watch it move',
        text: 'Stay on the page of the case: the agency before lets it go, the other one accepts and delivers. There is no need to reload.',
        link: 'Open the case',
      },
      redrive: {
        title: 'Redrive the parked messages',
        text: 'Three referrals were parked because the service of an agency failed. The fault is mended by now: choose “Handle the whole group again”.',
        link: 'See parked messages',
      },
      import: {
        title: 'Import a manifest',
        text: 'Drop a CSV file on the page. The one of the demonstration will do, apps/local/sample/arrivals-2026-11-20.csv: it was registered already, so its rows come out unchanged.',
        link: 'To intake',
      },
      visit: {
        title: 'Log in as a health worker',
        text: "Open a private window, log in as health with the same password and open /console/tour. You will see health's referrals only.",
        link: '',
      },
    } satisfies Steps as Steps,
  },
});
