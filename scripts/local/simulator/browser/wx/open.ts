import type { Shopper } from '../../wire.ts';
import type { Network } from '../network.ts';
import type { Server } from '../server.ts';
import type { Phone } from '../shell/phone.ts';
import { createToast } from '../shell/toast.ts';
import { answered, api, fail } from './api.ts';

/** WeChat's own services. What cannot happen here is shown on the phone, so that nobody waits for it. */
export function openApis({
  phone,
  shopper,
  appid,
  server,
  network,
}: {
  phone: Phone;
  shopper: Shopper;
  appid: string;
  server: Server;
  network: Network;
}) {
  const toast = createToast(phone);
  const stub = (name: string, answer: (options: Readonly<Record<string, unknown>>) => object = () => ({})) =>
    api(name, (options) => {
      toast.show({ kind: 'toast', title: `本地模拟：${name}`, icon: 'none', masked: false });
      return answer(options);
    });
  return {
    login: api('login', async () => {
      if (!network.isConnected()) return fail('network error');
      return answered(() => server.login());
    }),
    updateWeChatApp: stub('updateWeChatApp'),
    checkSession: api('checkSession', () => {}),
    getUserProfile: api('getUserProfile', () => ({ userInfo: { nickName: shopper.name, avatarUrl: '' } })),
    getSetting: api('getSetting', () => ({ authSetting: {} })),
    getAccountInfoSync: () => ({ miniProgram: { appId: appid, envVersion: 'develop', version: '' } }),
    getUpdateManager: () => ({
      ...{ onCheckForUpdate() {}, onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} },
    }),
    shareAppMessage: stub('shareAppMessage'),
    showShareMenu: api('showShareMenu', () => {}),
    hideShareMenu: api('hideShareMenu', () => {}),
    updateShareMenu: api('updateShareMenu', () => {}),
    makePhoneCall: stub('makePhoneCall'),
    openCustomerServiceChat: stub('openCustomerServiceChat'),
    previewImage: stub('previewImage'),
    reportEvent: () => {},
    reportAnalytics: () => {},
  };
}
