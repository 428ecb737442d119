// The keyboard on the wall: typing anywhere searches, Enter goes to the first target that was found, arrows choose
// another, Escape clears. Without it the page still searches and connects by its forms.

const search = document.getElementById('search');
const finder = document.getElementById('finder');

const found = () => document.getElementById('found');
const ways = () => [...found().querySelectorAll('.go')];
const wanted = () => search.value.trim();
const isThere = () => found().dataset.q === wanted();

let going = false; // Enter came before what it means was found

function go() {
  if (!isThere()) {
    going = true;
    htmx.trigger(finder, 'search-now');
    return;
  }
  going = false;
  const first = ways()[0];
  if (first && wanted()) first.form.requestSubmit(first);
}

finder.addEventListener('submit', (event) => {
  event.preventDefault();
  go();
});

document.body.addEventListener('htmx:afterSettle', () => {
  if (going && isThere()) go();
});

// Somebody who types on gets what they typed last, not what they meant before.
search.addEventListener('input', (event) => {
  if (event.isTrusted) going = false;
});

function move(event, step) {
  const all = ways();
  const at = all.indexOf(document.activeElement);
  if (at < 0 && event.target !== search) return;
  event.preventDefault();
  if (step < 0 && at <= 0) {
    search.focus();
  } else {
    all[Math.min(at + step, all.length - 1)]?.focus();
  }
}

function isTyping(event) {
  return event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
}

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === 'ArrowDown') {
    move(event, 1);
  } else if (event.key === 'ArrowUp') {
    move(event, -1);
  } else if (event.key === 'Escape' && (event.target === search || event.target.closest('#found'))) {
    search.value = '';
    search.focus();
    htmx.trigger(finder, 'search-now');
  } else if (isTyping(event) && !event.target.closest('input, textarea, select, [contenteditable]')) {
    search.focus(); // and the key itself is typed there
    search.select();
  }
});
