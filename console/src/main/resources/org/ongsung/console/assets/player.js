// Replay and live view of a terminal. Everything shown comes from the recording as data; the player
// draws it on a canvas-like grid and interprets nothing as HTML.

const box = document.getElementById('player');
const status = document.getElementById('player-status');
const live = box.dataset.live === 'true';
const fonts = '"JetBrains Mono", D2Coding, "Noto Sans Mono CJK KR", monospace';
let player;

function startAt() {
  const wanted = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
  return wanted ? Number(wanted[1]) : undefined;
}

function options(at) {
  const common = {
    fit: 'width', theme: 'asciinema', terminalFontFamily: fonts, logger: { debug() {}, info() {}, warn() {}, error() {} },
  };
  if (live) return { ...common, autoPlay: true, controls: false };
  return {
    ...common,
    autoPlay: at === undefined,
    startAt: at,
    speed: Number(document.getElementById('speed').value),
    idleTimeLimit: document.getElementById('skip').checked ? 2 : undefined,
    preload: true,
    poster: at === undefined ? undefined : `npt:${at}`,
    controls: true,
  };
}

function show(at) {
  if (player) player.dispose();
  const source = live ? { driver: 'eventsource', url: box.dataset.src, bufferTime: 0 } : box.dataset.src;
  player = AsciinemaPlayer.create(source, box, options(at));
  player.addEventListener('ended', (event) => { status.textContent = event?.message ?? ''; });
  player.addEventListener('errored', () => { status.textContent = box.dataset.failed; });
  window.ongsungPlayer = player;
}

async function restart() {
  const at = player ? await player.getCurrentTime() : undefined;
  show(at);
  if (at !== undefined) player.play();
}

document.fonts.load('16px "JetBrains Mono"').finally(() => show(live ? undefined : startAt()));

document.getElementById('speed')?.addEventListener('change', restart);
document.getElementById('skip')?.addEventListener('change', restart);
document.getElementById('full')?.addEventListener('click', () => {
  const target = box.querySelector('.ap-wrapper') ?? box;
  if (document.fullscreenElement) document.exitFullscreen();
  else target.requestFullscreen?.();
});
document.getElementById('moment')?.addEventListener('click', async () => {
  const at = Math.floor(((await player.getCurrentTime()) ?? 0) * 10) / 10;
  history.replaceState(null, '', `#t=${at}`);
  const button = document.createElement('button');
  button.dataset.copy = location.href;
  button.hidden = true;
  document.body.append(button);
  button.click();
  button.remove();
});
window.addEventListener('hashchange', () => { if (!live) show(startAt()); });
