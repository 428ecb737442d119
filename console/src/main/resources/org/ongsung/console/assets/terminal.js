// A terminal. Bytes are counted in both directions, so that after a break nothing is missing and nothing comes twice;
// they come and go by WebSocket, and where that does not pass by server-sent events and posts.

import { FitAddon } from './vendor/xterm-addon-fit/addon-fit.mjs';
import { Terminal } from './vendor/xterm/xterm.mjs';

const box = document.getElementById('terminal');
const screen = document.getElementById('terminal-screen');
const status = document.getElementById('terminal-status');
const watched = document.getElementById('terminal-watched');
const again = document.getElementById('terminal-again');
const record = document.getElementById('terminal-record');
const { api, csrf } = box.dataset;
const words = box.dataset;
const kept = `terminal ${words.target} ${words.account}`;

const UNTAKEN_BYTES = 32768;
const UNTAKEN_MESSAGES = 64;
const MESSAGE_BYTES = 8192;
const SEEN_BYTES = 32768;
const SILENCE = 30_000;
const HANDSHAKE = 5_000;
const ABSENCE = 60_000;

// xterm.js makes style elements and style attributes, which the page's policy forbids to text from elsewhere. Its elements
// get the nonce; its attributes are set by the object model, which is not text.
const { nonce } = document.querySelector('script[nonce]');
const createElement = document.createElement.bind(document);
document.createElement = (name, options) => {
  const made = createElement(name, options);
  if (name === 'style') made.nonce = nonce;
  return made;
};
const setAttribute = Element.prototype.setAttribute;
Element.prototype.setAttribute = function set(name, value) {
  if (name === 'style') this.style.cssText = value;
  else setAttribute.call(this, name, value);
};

const light = {
  background: '#fffefc', foreground: '#1f1e1b', cursor: '#0f6b52', cursorAccent: '#fffefc', selectionBackground: '#b9d8cc',
  black: '#1f1e1b', red: '#b02f18', green: '#0f6b52', yellow: '#795606', blue: '#2b4f94', magenta: '#85387a', cyan: '#1b6875', white: '#8b857a',
  brightBlack: '#5c5850', brightRed: '#c23b22', brightGreen: '#157a5f', brightYellow: '#8a6408', brightBlue: '#3a62ad', brightMagenta: '#9a4a8e',
  brightCyan: '#23798a', brightWhite: '#44546a',
};
const dark = {
  background: '#121314', foreground: '#e9e7e2', cursor: '#62c6a4', cursorAccent: '#121314', selectionBackground: '#2f5548',
  black: '#32373b', red: '#f2917a', green: '#62c6a4', yellow: '#e2b75a', blue: '#8fb4ec', magenta: '#d79fd0', cyan: '#74c7d4', white: '#d5d2cb',
  brightBlack: '#7d848a', brightRed: '#ffab97', brightGreen: '#86dcbf', brightYellow: '#f0cd7e', brightBlue: '#aecbf6', brightMagenta: '#e8bae2',
  brightCyan: '#9bdde7', brightWhite: '#ffffff',
};
const darkness = matchMedia('(prefers-color-scheme: dark)');

Terminal.strings.promptLabel = words.label;
Terminal.strings.tooMuchOutput = words.tooMuch;
const terminal = new Terminal({
  fontFamily: '"JetBrains Mono", D2Coding, "Noto Sans Mono CJK KR", monospace',
  fontSize: 14,
  scrollback: 5000,
  minimumContrastRatio: 4.5,
  cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
  theme: darkness.matches ? dark : light,
  macOptionIsMeta: true,
  // A target's own words are no reason to go anywhere.
  linkHandler: {
    activate(event, text) {
      if (/^https?:/i.test(text) && confirm(`${words.linkQuestion}\n\n${text}`)) window.open(text, '_blank', 'noopener,noreferrer');
    },
  },
});
const fit = new FitAddon();
terminal.loadAddon(fit);
darkness.addEventListener('change', () => { terminal.options.theme = darkness.matches ? dark : light; });

let id = sessionStorage.getItem(kept);
let line; // the way to the gateway, once it is open
let sockets = words.sockets === 'true' && 'WebSocket' in window;
let attempts = 0; // since the line broke
let brokenSince = 0;
let over = false;
let timer;
let heardAt = 0;

// What is shown: bytes that came, bytes on the screen, and how many of them the gateway knows of.
let got = 0;
let shown = 0;
let told = 0;

// What is typed: bytes that have not come in for sure, of which the first is the one of this number.
let typed = new Uint8Array(0);
let typedFrom = 0;
let sent = 0;
let taken = 0;
let messages = []; // where each that is under way ends

const encoder = new TextEncoder();

function say(text, state) {
  if (status.textContent !== text) status.textContent = text;
  box.dataset.state = state;
}

function json(method, path, body) {
  return fetch(api + path, {
    method,
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
}

function base64(bytes) {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

// Typing.

function type(bytes) {
  if (over) return;
  const all = new Uint8Array(typed.length + bytes.length);
  all.set(typed);
  all.set(bytes, typed.length);
  typed = all;
  flush();
}

function flush() {
  while (line?.ready() && sent < typedFrom + typed.length && messages.length < UNTAKEN_MESSAGES) {
    const room = Math.min(MESSAGE_BYTES, UNTAKEN_BYTES - (sent - taken));
    if (room <= 0) return;
    const start = sent - typedFrom;
    const bytes = typed.slice(start, start + room);
    line.type(sent, bytes);
    sent += bytes.length;
    messages.push(sent);
  }
}

function drop(until) {
  if (until <= typedFrom) return;
  typed = typed.slice(until - typedFrom);
  typedFrom = until;
}

terminal.onData((text) => type(encoder.encode(text)));
terminal.onBinary((text) => type(Uint8Array.from(text, (char) => char.charCodeAt(0))));
terminal.onResize(({ cols, rows }) => { if (!over) line?.size(cols, rows); });

// Showing.

function show(bytes) {
  heardAt = Date.now();
  got += bytes.length;
  terminal.write(bytes, () => {
    shown += bytes.length;
    if (shown - told >= SEEN_BYTES) {
      told = shown;
      line?.seen(shown);
    }
  });
}

function state(now) {
  heardAt = Date.now();
  if (now.from !== undefined) began(now);
  if (now.taken === undefined) return;
  taken = now.taken;
  messages = messages.filter((end) => end > taken);
  drop(taken);
  watched.hidden = now.watchers === 0;
  if (now.session && record.hidden) {
    record.href = record.dataset.href + now.session;
    record.hidden = false;
  }
  if (now.over) end(words.over, 'over');
  else flush();
}

// The first word on a new line: what it goes on with.
function began(now) {
  attempts = 0;
  brokenSince = 0;
  if (now.from !== got) {
    terminal.reset();
    got = now.from;
    shown = now.from;
  }
  told = shown;
  if (now.typed > typedFrom + typed.length) { // typed by this page before it was loaded anew
    typed = new Uint8Array(0);
    typedFrom = now.typed;
  }
  drop(now.typed);
  taken = now.taken;
  sent = now.typed;
  messages = [];
  say(words.live, 'live');
  line.size(terminal.cols, terminal.rows);
  line.seen(shown);
}

function end(text, why) {
  over = true;
  sessionStorage.removeItem(kept);
  close();
  watched.hidden = true;
  again.hidden = false;
  say(text, why);
  terminal.options.cursorBlink = false;
  terminal.options.disableStdin = true;
  // Later, so that a key that was meant for the target does not open another session.
  again.disabled = true;
  setTimeout(() => {
    again.disabled = false;
    if (document.activeElement === document.body || screen.contains(document.activeElement)) again.focus();
  }, 800);
}

// Lines.

function close() {
  clearTimeout(timer);
  const last = line;
  line = undefined;
  last?.close();
}

function bySocket() {
  const url = new URL(`${api}/${id}/socket?from=${got}`, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  let spoken = false;
  const way = {
    ready: () => spoken && socket.readyState === WebSocket.OPEN,
    type: (at, bytes) => socket.send(bytes),
    size: (columns, rows) => { if (way.ready()) socket.send(JSON.stringify({ size: [columns, rows] })); },
    seen: (bytes) => { if (way.ready()) socket.send(JSON.stringify({ seen: bytes })); },
    close: () => socket.close(),
  };
  socket.onmessage = ({ data }) => {
    if (line !== way) return;
    spoken = true;
    clearTimeout(way.handshake);
    if (typeof data === 'string') state(JSON.parse(data));
    else show(new Uint8Array(data));
  };
  socket.onclose = ({ code }) => {
    clearTimeout(way.handshake);
    if (line !== way) return;
    if (code === 4001) end(words.elsewhere, 'elsewhere');
    else broken(spoken);
  };
  way.handshake = setTimeout(() => {
    if (line === way && !spoken) {
      socket.onclose = null;
      socket.close();
      broken(false);
    }
  }, HANDSHAKE);
  return way;
}

function byEvents() {
  const source = new EventSource(`${api}/${id}/events?from=${got}`);
  const waiting = [];
  let spoken = false;
  let posting = false;
  const post = async () => {
    if (posting) return;
    posting = true;
    while (waiting.length > 0 && line === way) {
      const body = Object.assign({}, ...waiting.splice(0).map((part) => part));
      const answer = await json('POST', `/${id}/input`, body).catch(() => undefined);
      if (line !== way) return;
      if (!answer?.ok) {
        source.close();
        broken(spoken);
        return;
      }
    }
    posting = false;
    flush();
  };
  const add = (part) => {
    waiting.push(part);
    post();
  };
  const way = {
    ready: () => spoken && !posting,
    type: (at, bytes) => add({ at, typed: base64(bytes) }),
    size: (columns, rows) => add({ columns, rows }),
    seen: (bytes) => add({ seen: bytes }),
    close: () => source.close(),
  };
  const heard = (name, act) => source.addEventListener(name, ({ data }) => {
    if (line !== way) return;
    spoken = true;
    act(data);
  });
  heard('output', (data) => show(Uint8Array.from(atob(data), (char) => char.charCodeAt(0))));
  heard('state', (data) => state(JSON.parse(data)));
  heard('beat', () => { heardAt = Date.now(); });
  heard('elsewhere', () => end(words.elsewhere, 'elsewhere'));
  source.onerror = () => {
    source.close();
    if (line === way) broken(spoken);
  };
  return way;
}

// @param worked whether this line has ever said anything
async function broken(worked) {
  close();
  if (over) return;
  brokenSince ||= Date.now();
  const absent = Date.now() - brokenSince; // before the question, which can take long to fail
  say(words.broken, 'broken');
  const answer = await json('POST', `/${id}/input`, {}).catch(() => undefined);
  if (answer?.status === 404) {
    end(words.gone, 'gone');
  } else if (answer?.status === 401) {
    end(words.loginOver, 'gone');
  } else if (absent > ABSENCE && !answer?.ok) {
    end(words.gone, 'gone');
  } else {
    if (answer?.ok && !worked && sockets) sockets = false; // everything passes but a WebSocket
    const pause = worked || answer?.ok ? 100 : Math.min(5_000, 500 * 2 ** attempts);
    attempts++;
    timer = setTimeout(connect, attempts > 3 ? Math.max(pause, 1_000) : pause);
  }
}

function connect() {
  clearTimeout(timer);
  heardAt = Date.now();
  box.dataset.way = sockets ? 'socket' : 'events';
  line = sockets ? bySocket() : byEvents();
}

setInterval(() => {
  if (line && Date.now() - heardAt > SILENCE) broken(true);
}, 1_000);
addEventListener('offline', () => { if (line) broken(true); });
addEventListener('online', () => { if (!line && !over && id) connect(); });

async function open() {
  say(words.connecting, 'connecting');
  fit.fit();
  if (id && (await json('POST', `/${id}/input`, {}).catch(() => undefined))?.ok) {
    connect();
    return;
  }
  const answer = await json('POST', '', {
    target: words.target, account: words.account, columns: terminal.cols, rows: terminal.rows,
  }).catch(() => undefined);
  if (!answer?.ok) {
    const text = { 401: words.loginOver, 404: words.denied, 429: words.tooMany, 503: words.tooMany }[answer?.status];
    end(text ?? words.failed, 'failed');
    return;
  }
  ({ id } = await answer.json());
  sessionStorage.setItem(kept, id);
  connect();
}

// The tools.

async function copy() {
  const text = terminal.getSelection();
  if (!text) return;
  const button = createElement('button');
  button.dataset.copy = text;
  button.hidden = true;
  document.body.append(button);
  button.click();
  button.remove();
  terminal.focus();
}

async function paste() {
  try {
    terminal.paste(await navigator.clipboard.readText());
  } catch {
    document.getElementById('toast').textContent = words.pasteHow;
  }
  terminal.focus();
}

terminal.attachCustomKeyEventHandler((event) => {
  if (event.type !== 'keydown' || !event.ctrlKey || !event.shiftKey || event.code !== 'KeyC') return true;
  event.preventDefault();
  copy();
  return false;
});
document.getElementById('terminal-copy').addEventListener('click', copy);
document.getElementById('terminal-paste').addEventListener('click', paste);
document.getElementById('terminal-full').addEventListener('click', () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else box.requestFullscreen?.();
  terminal.focus();
});
document.getElementById('terminal-leave').addEventListener('click', () => {
  if (!over) json('DELETE', `/${id}`).catch(() => undefined);
  terminal.focus();
});
again.addEventListener('click', () => location.reload());

new ResizeObserver(() => fit.fit()).observe(screen);
await document.fonts.load('14px "JetBrains Mono"').catch(() => undefined);
terminal.open(screen);
terminal.focus();
window.ongsungTerminal = terminal;
open();
