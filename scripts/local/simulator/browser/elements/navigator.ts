import { setRole } from '../render/keyboard.ts';
import { defineElement } from './define.ts';

export const NAVIGATOR = defineElement({
  name: 'navigator',
  properties: { url: '', openType: 'navigate', delta: 1, target: 'self', appId: '', path: '', version: '' },
  hover: 'navigator-hover',
  setup(node, { navigate }) {
    setRole(node.host, 'link');
    return { tap: () => navigate(node.get('openType'), { url: node.get('url'), delta: node.get('delta') }) };
  },
});
