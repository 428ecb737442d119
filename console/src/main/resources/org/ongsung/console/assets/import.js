// Reads a chosen file into the text of the form: as UTF-8, or as CP949, which spreadsheets in Korea still write.

async function textOf(file) {
  const bytes = await file.arrayBuffer();
  for (const encoding of ['utf-8', 'euc-kr']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // the next one
    }
  }
  return null;
}

for (const input of document.querySelectorAll('input[data-into]')) {
  input.addEventListener('change', async () => {
    const [file] = input.files;
    if (!file) return;
    const text = await textOf(file);
    input.setCustomValidity(text === null ? input.dataset.unreadable : '');
    input.reportValidity();
    if (text !== null) document.querySelector(input.dataset.into).value = text;
  });
}
