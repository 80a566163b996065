import { defineElement } from './define.ts';

export const SCROLL_VIEW = defineElement({
  name: 'scroll-view',
  properties: {
    ...{
      scrollX: false,
      scrollY: false,
      upperThreshold: 50,
      lowerThreshold: 50,
      scrollTop: null,
      scrollLeft: null,
    },
    ...{
      scrollIntoView: '',
      scrollWithAnimation: false,
      enableFlex: false,
      enhanced: false,
      showScrollbar: true,
    },
    ...{
      bounces: true,
      pagingEnabled: false,
      type: 'list',
      refresherEnabled: false,
      refresherTriggered: false,
    },
    ...{ enableBackToTop: false, fastDeceleration: false, enablePassive: false },
  },
  setup(node) {
    const { host } = node;
    let [left, top] = [0, 0];
    let near: 'start' | 'end' | undefined = 'start';
    host.addEventListener('scroll', () => {
      const { scrollLeft, scrollTop, scrollWidth, scrollHeight } = host;
      const detail = { scrollLeft, scrollTop, scrollWidth, scrollHeight };
      node.emit('scroll', { ...detail, deltaX: left - scrollLeft, deltaY: top - scrollTop });
      [left, top] = [scrollLeft, scrollTop];
      const across = node.get('scrollX') && !node.get('scrollY');
      const before = across ? scrollLeft : scrollTop;
      const after = across
        ? scrollWidth - scrollLeft - host.clientWidth
        : scrollHeight - scrollTop - host.clientHeight;
      const was = near;
      near =
        after <= node.get('lowerThreshold')
          ? 'end'
          : before <= node.get('upperThreshold')
            ? 'start'
            : undefined;
      if (near === 'end' && was !== 'end')
        node.emit('scrolltolower', { direction: across ? 'right' : 'bottom' });
      if (near === 'start' && was !== 'start')
        node.emit('scrolltoupper', { direction: across ? 'left' : 'top' });
    });
    const behavior = () => (node.get('scrollWithAnimation') ? 'smooth' : 'auto');
    // The content that makes it scroll is laid out after the property is set.
    const later = (scroll: () => void) => void requestAnimationFrame(scroll);
    return {
      update(name) {
        switch (name) {
          case 'scrollX':
            host.style.overflowX = node.get('scrollX') ? 'auto' : '';
            break;
          case 'scrollY':
            host.style.overflowY = node.get('scrollY') ? 'auto' : '';
            break;
          case 'enableFlex':
            host.toggleAttribute('enable-flex', node.get('enableFlex'));
            break;
          case 'scrollTop':
            if (node.get(name) !== null)
              later(() => host.scrollTo({ top: Number(node.get(name)), behavior: behavior() }));
            break;
          case 'scrollLeft':
            if (node.get(name) !== null)
              later(() => host.scrollTo({ left: Number(node.get(name)), behavior: behavior() }));
            break;
          case 'scrollIntoView':
            later(() => intoView(host, node.get('scrollIntoView'), behavior()));
            break;
        }
      },
    };
  },
});

function intoView(host: HTMLElement, id: string, behavior: ScrollBehavior): void {
  const target = id && host.querySelector(`#${CSS.escape(id)}`);
  if (target) target.scrollIntoView({ behavior, block: 'start', inline: 'start' });
}
