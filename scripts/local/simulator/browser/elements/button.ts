import { setRole } from '../render/keyboard.ts';
import { defineElement } from './define.ts';
import { resetForm, submitForm } from './form.ts';

export const BUTTON = defineElement({
  name: 'button',
  properties: {
    type: 'default',
    size: 'default',
    plain: false,
    disabled: false,
    loading: false,
    formType: '',
    openType: '',
    lang: '',
    sessionFrom: '',
    sendMessageTitle: '',
    sendMessagePath: '',
    sendMessageImg: '',
    appParameter: '',
    showMessageCard: false,
  },
  hover: 'button-hover',
  setup(node, { share, chooseAvatar }) {
    const { host } = node;
    setRole(host, 'button');
    return {
      update() {
        host.setAttribute('type', node.get('type'));
        host.setAttribute('size', node.get('size'));
        for (const name of ['plain', 'disabled', 'loading'] as const)
          host.toggleAttribute(name, node.get(name));
        host.setAttribute('aria-disabled', String(node.get('disabled')));
      },
      tap() {
        if (node.get('formType') === 'submit') submitForm(host);
        if (node.get('formType') === 'reset') resetForm(host);
        switch (node.get('openType')) {
          case 'share':
            share();
            break;
          case 'getPhoneNumber':
            node.emit('getphonenumber', { code: 'simulated-phone-code', errMsg: 'getPhoneNumber:ok' });
            break;
          case 'chooseAvatar':
            void chooseAvatar().then(
              (avatarUrl) => avatarUrl !== undefined && node.emit('chooseavatar', { avatarUrl }),
            );
            break;
          case 'agreePrivacyAuthorization':
            node.emit('agreeprivacyauthorization');
            break;
        }
      },
    };
  },
});
