import { defineElement } from './define.ts';

export const SWIPER_ELEMENTS = [
  defineElement({ name: 'swiper-item', properties: { itemId: '', skipHiddenItemLayout: false } }),
  defineElement({
    name: 'swiper',
    properties: {
      ...{
        current: 0,
        indicatorDots: false,
        autoplay: false,
        interval: 5000,
        duration: 500,
        circular: false,
      },
      ...{ vertical: false, previousMargin: '0px', nextMargin: '0px', displayMultipleItems: 1 },
      ...{ indicatorColor: 'rgba(0,0,0,.3)', indicatorActiveColor: '#000000', easingFunction: 'default' },
      ...{ snapToEdge: false, currentItemId: '' },
    },
    setup(node) {
      const { host } = node;
      const dots = document.createElement('div');
      dots.className = 'sim-dots';
      host.append(dots);
      let shown = 0;
      let timer = 0;
      const items = () => [...host.querySelectorAll<HTMLElement>('wx-swiper-item')];

      const drawDots = () => {
        const colors = items().map((_, index) =>
          node.get(index === shown ? 'indicatorActiveColor' : 'indicatorColor'),
        );
        dots.hidden = !node.get('indicatorDots');
        dots.replaceChildren(
          ...colors.map((color) => {
            const dot = document.createElement('i');
            dot.style.background = color;
            return dot;
          }),
        );
      };
      const scrollTo = (index: number) => {
        const item = items()[index];
        const behavior = node.get('duration') > 0 ? 'smooth' : 'auto';
        if (item) host.scrollTo({ left: item.offsetLeft, top: item.offsetTop, behavior });
      };
      const arrived = () => {
        const vertical = node.get('vertical');
        const index = Math.round(
          vertical ? host.scrollTop / host.clientHeight : host.scrollLeft / host.clientWidth,
        );
        if (index === shown) return;
        const source = index === node.get('current') ? '' : timer ? 'autoplay' : 'touch';
        shown = index;
        node.set('current', index);
        drawDots();
        node.emit('change', { current: index, currentItemId: '', source });
      };
      host.addEventListener('scrollend', arrived);
      const play = () => {
        window.clearInterval(timer);
        timer = 0;
        if (!node.get('autoplay') || !host.isConnected) return;
        timer = window.setInterval(() => {
          const count = items().length;
          if (count > 0) scrollTo((shown + 1) % count);
        }, node.get('interval'));
      };
      return {
        attached() {
          drawDots();
          play();
          requestAnimationFrame(() => {
            drawDots();
            scrollTo(node.get('current'));
          });
        },
        detached: () => window.clearInterval(timer),
        update(name) {
          if (name === 'vertical') host.toggleAttribute('vertical', node.get('vertical'));
          if (name === 'current' && node.get('current') !== shown)
            requestAnimationFrame(() => scrollTo(node.get('current')));
          if (name === 'autoplay' || name === 'interval') play();
          if (name.startsWith('indicator')) drawDots();
        },
      };
    },
  }),
];
