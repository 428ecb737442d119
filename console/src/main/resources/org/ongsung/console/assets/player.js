// Replay and live view of a terminal. Everything shown comes from the recording as data; the player
// draws it on a canvas-like grid and interprets nothing as HTML.
//
// A replay comes in parts, each read when its turn comes, so that a recording of any length begins
// at once and takes no more memory than a short one. Where pauses are left out, the player's clock
// is behind the recording's; links and the two settings below speak of the recording's.

const box = document.getElementById('player');
const status = document.getElementById('player-status');
const live = box.dataset.live === 'true';
const fonts = '"JetBrains Mono", D2Coding, "Noto Sans Mono CJK KR", monospace';
const longestPause = 2;
let player;
let cuts = Promise.resolve([]);

function linked() {
  const wanted = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
  return wanted ? Number(wanted[1]) : undefined;
}

function timeline() {
  const idle = document.getElementById('skip').checked ? longestPause : 0;
  return `${box.dataset.src}?idle=${idle}`;
}

// Pauses that were left out: from which moment of the player on, and how much in all until there.
async function readCuts(url) {
  if (url.endsWith('idle=0')) return [];
  const answer = await fetch(url);
  return answer.ok ? (await answer.json()).cuts : [];
}

function recorded(shown, known) {
  let moment = shown;
  for (const [at, skipped] of known) {
    if (at > shown) break;
    moment = shown + skipped;
  }
  return moment;
}

function shown(moment, known) {
  let at = moment;
  for (const [start, skipped] of known) {
    if (moment - skipped < start) return Math.min(at, start);
    at = moment - skipped;
  }
  return at;
}

function show(source, options) {
  if (player) player.dispose();
  player = AsciinemaPlayer.create(source, box, {
    fit: 'width', theme: 'asciinema', terminalFontFamily: fonts, logger: { debug() {}, info() {}, warn() {}, error() {} },
    ...options,
  });
  player.addEventListener('ended', (event) => { status.textContent = event?.message ?? ''; });
  player.addEventListener('error', () => { status.textContent = box.dataset.failed; });
  window.ongsungPlayer = player;
}

function watch() {
  show({ driver: 'eventsource', url: box.dataset.src, bufferTime: 0 }, { autoPlay: true, controls: false });
}

// From `moment` of the recording on, or from its start.
async function replay(moment, play) {
  const url = timeline();
  let at;
  if (moment === undefined) {
    cuts = undefined;
  } else {
    cuts = readCuts(url);
    at = shown(moment, await cuts);
  }
  show(
    { driver: 'recording', format: 'segmented', url },
    {
      autoPlay: play,
      startAt: at,
      speed: Number(document.getElementById('speed').value),
      preload: true,
      poster: at === undefined || play ? undefined : `npt:${at}`,
      controls: true,
    },
  );
}

async function momentNow() {
  cuts ??= readCuts(timeline());
  return recorded((await player.getCurrentTime()) ?? 0, await cuts);
}

async function change(settings) {
  const moment = await momentNow();
  settings?.();
  await replay(moment, true);
}

document.fonts.load('16px "JetBrains Mono"').finally(() => {
  if (live) watch();
  else replay(linked(), linked() === undefined);
});

document.getElementById('speed')?.addEventListener('change', () => change());
document.getElementById('skip')?.addEventListener('change', (event) => {
  const wanted = event.target.checked;
  event.target.checked = !wanted; // the moment is asked for with the pauses as they are now
  change(() => { event.target.checked = wanted; });
});
document.getElementById('full')?.addEventListener('click', () => {
  const target = box.querySelector('.ap-wrapper') ?? box;
  if (document.fullscreenElement) document.exitFullscreen();
  else target.requestFullscreen?.();
});
document.getElementById('moment')?.addEventListener('click', async () => {
  const at = Math.floor((await momentNow()) * 10) / 10;
  history.replaceState(null, '', `#t=${at}`);
  const button = document.createElement('button');
  button.dataset.copy = location.href;
  button.hidden = true;
  document.body.append(button);
  button.click();
  button.remove();
});
window.addEventListener('hashchange', () => { if (!live) replay(linked(), false); });
