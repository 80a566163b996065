import type { ConsoleState, Shopper } from '../wire.ts';
import { byId, h, replaceContent } from './dom.ts';
import { heightOf, type PhoneSettings, type Setting, settingsRow } from './phone-settings.ts';
import { rove } from './roving.ts';
import { language, say } from './words/language.ts';
import { PAGE } from './words/page.ts';

/** What is around the phone, and what stands below it. */
const EDGE_PX = 16;

/** The phone, who holds it, and what kind of phone it is. */
export function createPhone(): { show(state: ConsoleState): void } {
  const place = byId('phone');
  const frame = h('iframe');
  const glass = h('div', { class: 'phone' });
  const people = h('div', { class: 'shoppers', role: 'radiogroup' });
  const row = h('div', { class: 'phone-settings' });
  const shoppers = rove(people, { items: '[role=radio]' });
  const settings: PhoneSettings = {
    platform: 'android',
    width: 375,
    text: '1',
    theme: 'auto',
    network: 'fast',
  };
  let holder: string | undefined;
  let path = '';
  let url: URL | undefined;
  let shown = '';

  const scale = () => {
    const own = heightOf(settings);
    const height = place.clientHeight - 2 * EDGE_PX - people.offsetHeight - row.offsetHeight - 24;
    const factor = Math.min((place.clientWidth - 2 * EDGE_PX) / settings.width, height / own, 1);
    Object.assign(frame.style, {
      width: `${settings.width}px`,
      height: `${own}px`,
      transform: `scale(${factor})`,
    });
    Object.assign(glass.style, { width: `${settings.width * factor}px`, height: `${own * factor}px` });
  };
  const open = () => {
    if (!url || holder === undefined) return;
    const { platform, width, text, theme } = settings;
    const address = new URL(url);
    address.search = new URLSearchParams({
      ...{ shopper: holder, platform, width: String(width), text, language: language() },
      ...(theme === 'auto' ? {} : { theme }),
    }).toString();
    if (path !== '') address.hash = path;
    frame.src = address.href;
    scale();
  };
  const hold = (openid: string, first: string) => {
    holder = openid;
    path = first;
    for (const option of people.children)
      option.setAttribute('aria-checked', String(option.getAttribute('data-openid') === openid));
    shoppers.settle();
    open();
  };
  const change = (setting: Setting, first: string) => {
    Object.assign(settings, setting);
    if ('network' in setting) tell();
    else {
      // Another system is another phone: the mini-program begins at its first page. Another screen is the same one.
      if ('platform' in setting) path = first;
      open();
    }
  };
  /** The network is changed under the running mini-program. */
  const tell = () => {
    if (url) frame.contentWindow?.postMessage({ kind: 'network', network: settings.network }, url.origin);
  };
  const personOf = ({ openid, name }: Shopper, first: string) =>
    h(
      'button',
      {
        ...{ role: 'radio', type: 'button', 'aria-checked': String(openid === holder) },
        ...{ 'data-openid': openid, 'data-testid': `shopper-${openid}` },
        disabled: url === undefined,
        onclick: () => hold(openid, first),
      },
      name,
    );

  place.replaceChildren(glass, people, row);
  new ResizeObserver(scale).observe(place);
  // The phone says that it listens (before that the frame may be another window's), and which page it is on, so that another
  // screen can be put around the same page.
  window.addEventListener('message', ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== url?.origin) return;
    if (typeof data !== 'object' || data === null) return;
    if (data.kind === 'listening') tell();
    if (data.kind === 'page') path = String(data.path);
  });

  return {
    show({ simulatorUrl, shoppers: who, phonePath }) {
      const signature = JSON.stringify([language(), simulatorUrl, who]);
      if (signature === shown) return;
      shown = signature;
      const words = say(PAGE);
      const first = phonePath ?? '';
      if (simulatorUrl !== null) url = new URL(simulatorUrl);
      frame.title = words.phone;
      if (!glass.firstElementChild || simulatorUrl === null)
        glass.replaceChildren(url ? frame : placeholder());
      glass.classList.toggle('none', url === undefined);
      people.setAttribute('aria-label', words.shoppers);
      replaceContent(people, ...who.map((person) => personOf(person, first)));
      row.replaceChildren(...(url ? settingsRow(settings, (setting) => change(setting, first)) : []));
      if (holder === undefined && who[0]) hold(who[0].openid, first);
      shoppers.settle();
      scale();
    },
  };
}

function placeholder(): HTMLElement {
  const { noPhone, noPhoneText } = say(PAGE);
  return h(
    'div',
    { class: 'nophone', 'data-testid': 'no-phone' },
    h('b', {}, noPhone),
    h('p', {}, noPhoneText),
  );
}
