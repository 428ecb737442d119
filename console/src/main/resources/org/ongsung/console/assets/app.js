// Small things for every page: copying, the reader's time zone, filtering a list as one types, and
// the "/" key. Nothing here is needed to read or to act; without it the pages still work.

document.documentElement.classList.add('js');

const base = document.documentElement.dataset.base || '/';
const secure = location.protocol === 'https:' ? '; Secure' : '';

function rememberZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || !/^[A-Za-z0-9_+\-/]{1,50}$/.test(zone)) return;
  const wanted = `ongsung-zone=${zone}`;
  if (document.cookie.split('; ').includes(wanted)) return;
  document.cookie = `${wanted}; Path=${base}; SameSite=Strict; Max-Age=34560000${secure}`;
}

let toastTimer;
function say(text) {
  const toast = document.getElementById('toast');
  if (!toast || !text) return;
  toast.textContent = text;
  toast.classList.add('shown');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => toast.classList.remove('shown'), 2500);
}

async function copy(text) {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
    } else {
      const area = document.createElement('textarea'); // plain http away from localhost
      area.value = text;
      area.className = 'sr';
      document.body.append(area);
      area.select();
      const done = document.execCommand('copy');
      area.remove();
      if (!done) throw new Error('refused');
    }
    say(document.body.dataset.copied);
  } catch {
    say(document.body.dataset.copyFailed);
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy]');
  if (button) {
    const text = button.dataset.copy || document.querySelector(button.dataset.copyFrom)?.textContent;
    if (text) copy(text);
  }
});

document.addEventListener('submit', (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});

function filterList(input) {
  const list = document.querySelector(input.dataset.filter);
  if (!list) return;
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const item of list.children) {
    const match = words.every((word) => item.dataset.search.includes(word));
    item.hidden = !match;
    if (match) shown++;
  }
  const none = document.getElementById('no-match');
  if (none) none.hidden = shown > 0;
  const count = document.getElementById('filter-count');
  if (count) count.textContent = count.dataset.count.replace('{0}', shown);
}

for (const input of document.querySelectorAll('[data-filter]')) {
  input.addEventListener('input', () => filterList(input));
  input.form?.addEventListener('submit', (event) => event.preventDefault());
  if (input.value) filterList(input);
}

document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, textarea, select, [contenteditable]')) return;
  const search = document.querySelector('[data-search-key]');
  if (search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

const menu = document.querySelector('details.menu');
if (menu) {
  const narrow = matchMedia('(max-width: 52rem)');
  const adapt = () => { menu.open = !narrow.matches; };
  adapt();
  narrow.addEventListener('change', adapt);
}

rememberZone();
