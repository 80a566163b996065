import { bilingual } from './language.ts';

/** What a newcomer is shown, step by step. */
export const TOUR = bilingual(
  {
    name: '导览',
    next: '下一步',
    back: '上一步',
    skip: '跳过',
    done: '开始用',
    place: (step: number, steps: number) => `${step} / ${steps}`,
    steps: {
      phone: {
        title: '从手机开始',
        text: '这是小程序本身，源码照原样运行。选一个会员，任意六位数字就是支付密码。',
      },
      diagram: {
        title: '谁对谁说了什么',
        text: '实线是发生了的，虚线还没发生，断开的红线没送到，绿色粗线是入账。点一行，看它带了什么。',
      },
      orders: {
        title: '两本账并排看',
        text: '每笔订单，这里知道的和微信知道的。点一笔，只看它的经过，并说明它为什么是这样。',
      },
      time: {
        title: '时间由你拨',
        text: '往前拨一分钟、半小时、一天：订单过期、通知重发、定时器运行，都按这一个时钟。',
      },
      faults: {
        title: '让它出错',
        text: '打开“丢失通知”再买一次，看付款怎样被找回来。故障可以只发生一次，也可以持续两分钟。',
      },
      save: {
        title: '给同事看',
        text: '按订单号、openid 或函数名查找；导出的一个 HTML 文件，同事直接打开就能看，不用装任何东西。',
      },
    },
  },
  {
    name: 'Tour',
    next: 'Next',
    back: 'Back',
    skip: 'Skip',
    done: 'Start',
    place: (step: number, steps: number) => `${step} / ${steps}`,
    steps: {
      phone: {
        title: 'Start on the phone',
        text: 'This is the mini-program itself, run from its source as it is. Choose a membership; any six digits are the password.',
      },
      diagram: {
        title: 'Who says what to whom',
        text: 'Solid lines happened, dashed ones did not happen yet, a broken red one was lost, a thick green one is a settlement. Click a row to see what it carried.',
      },
      orders: {
        title: 'Two books, side by side',
        text: 'Each order as it is known here and as it is known at WeChat. Click one to see its story alone, and why it is what it is.',
      },
      time: {
        title: 'You move the clock',
        text: 'A minute, half an hour, a day: orders expire, notices are repeated and timers run, all by this one clock.',
      },
      faults: {
        title: 'Let it go wrong',
        text: 'Turn “Lose notice” on, buy once more, and see how the payment is found. A fault befalls the next call, or lasts two minutes.',
      },
      save: {
        title: 'Show a colleague',
        text: 'Search by order, openid or function. Export writes one HTML file that a colleague opens, with nothing to install.',
      },
    },
  },
);
