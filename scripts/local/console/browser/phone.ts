import type { ConsoleState } from '../wire.ts';
import { byId, h } from './dom.ts';

/** The phone and who holds it. */
export function showPhone({ simulatorUrl, shoppers }: ConsoleState): void {
  const place = byId('phone');
  if (place.childElementCount > 0) return;
  const frame = simulatorUrl === null ? undefined : h('iframe', { title: '手机', width: 375, height: 812 });
  const hold = (openid: string) => {
    for (const option of group.children) {
      option.setAttribute('aria-checked', String(option.getAttribute('data-openid') === openid));
    }
    if (frame && simulatorUrl !== null) frame.src = addressOf(simulatorUrl, openid);
  };
  const options = shoppers.map(({ openid, name }) =>
    h(
      'button',
      {
        role: 'radio',
        'aria-checked': 'false',
        'data-openid': openid,
        'data-testid': `shopper-${openid}`,
        disabled: frame === undefined,
        onclick: () => hold(openid),
      },
      name,
    ),
  );
  const group = h('div', { class: 'shoppers', role: 'radiogroup', 'aria-label': '买家' }, ...options);
  place.replaceChildren(h('div', { class: 'phone' }, frame ?? placeholder()), group);
  const [first] = shoppers;
  if (first) hold(first.openid);
}

function addressOf(simulatorUrl: string, openid: string): string {
  const url = new URL(simulatorUrl);
  url.searchParams.set('shopper', openid);
  return url.href;
}

function placeholder(): HTMLElement {
  return h(
    'div',
    { class: 'nophone', 'data-testid': 'no-phone' },
    h('b', {}, '手机会在这里'),
    h('p', {}, '模拟器还没有启动。脚本和测试照样可以下单，右边会画出经过。'),
  );
}
