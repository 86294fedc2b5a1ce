/** Sends a manifest as it is, by dropping or choosing it, and shows how far it has come; without it the form does the same. */
export const UPLOAD_SCRIPT = `'use strict';
(() => {
  const formOf = (event) => event.target instanceof Element ? event.target.closest('form[data-upload]') : null;
  const send = (form, file) => {
    const progress = form.querySelector('progress');
    const said = form.querySelector('[role=status]');
    const request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.setRequestHeader('Content-Type', 'text/csv');
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress.value = event.loaded / event.total;
    };
    request.onload = () => {
      if (request.status < 400) return location.assign(request.responseURL);
      progress.hidden = true;
      const page = new DOMParser().parseFromString(request.responseText, 'text/html');
      const alert = page.querySelector('[role=alert]') || page.querySelector('main');
      said.textContent = alert ? alert.textContent.trim() : form.dataset.failed;
    };
    request.onerror = () => {
      progress.hidden = true;
      said.textContent = form.dataset.failed;
    };
    progress.hidden = false;
    progress.value = 0;
    said.textContent = form.dataset.sending;
    request.send(file);
  };
  document.addEventListener('submit', (event) => {
    const form = formOf(event);
    const file = form && form.querySelector('input[type=file]').files[0];
    if (!file) return;
    event.preventDefault();
    send(form, file);
  });
  document.addEventListener('dragover', (event) => {
    if (formOf(event)) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    const form = formOf(event);
    const file = form && event.dataTransfer && event.dataTransfer.files[0];
    if (!file) return;
    event.preventDefault();
    send(form, file);
  });
})();`;
