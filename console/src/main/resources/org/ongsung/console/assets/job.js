// Shows how a job goes on: whenever the gateway says that it stands otherwise, the part of the page
// about it is fetched again, and the whole page when it has ended. Without this, a link does the same.

const section = document.getElementById('job');
let asking = false;
let again = false;

async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  do {
    again = false;
    const answer = await fetch(location.pathname);
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.getElementById('job');
      if (fresh) section.replaceChildren(...fresh.childNodes);
    }
  } while (again);
  asking = false;
}

const events = new EventSource(section.dataset.live);
events.addEventListener('message', refresh);
events.addEventListener('done', () => {
  events.close();
  location.reload();
});
