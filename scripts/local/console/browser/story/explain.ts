/** Why a row is there, for whoever sees WeChat Pay for the first time. */
const SENTENCES: Readonly<Record<string, string>> = {
  createOrder: '小程序只说要什么；价格由云函数从商品里读，买家是谁由平台告诉它。',
  'createOrder answer': '签了名的支付参数。手机拿它去付款；没有商家密钥，谁也造不出来。',
  read: '云函数先看数据库里有什么，不相信小程序带来的价格。',
  phoneRead: '小程序直接读数据库；安全规则只让它读到商品和自己的订单，谁也不能从手机上写。',
  saveOrder: '先保存，再去问微信支付：就算接下来断了线，这笔订单也找得回来。',
  write: '每次写入都带条件：只有文档还是读到的样子，才会改。',
  claim: '先把下次询问的时间往后推，再去问：两个定时器同时跑，也只有一个会问。',
  reschedule: '还没有结果，约好下次什么时候再问，间隔越来越长。',
  alarm: '有一件事需要人来看。',
  unifiedorder: '统一下单：告诉微信支付，这个买家要为这笔订单付多少钱。',
  'unifiedorder answer': 'prepay_id 代表这笔待付的款项，付款时用它。',
  requestPayment: '小程序请微信打开收银台。',
  shopper: '这一步在微信里，商家看不到。',
  paid: '微信支付的账本变了。商家这边还不知道。',
  hint: '手机说付好了，但手机可以被改：只有微信支付说了才算，所以这里不入账。',
  notice:
    '微信支付告诉商家结果，带签名。没有读到 SUCCESS，就隔 15 秒、15 秒、30 秒、3 分钟……再发，一天多才停。',
  receipt: '订单保存好了才回答 SUCCESS；先回答后保存，一断电就丢了付款。',
  lost: '没有送到。通知会按时间表再发；定时器也会自己去问，所以付款不会丢。',
  broken: '连接断了，不知道对方做了没有：当作不知道，不当作失败，以后再问。',
  settle: '订单的状态和会员期在同一个事务里改：要么都改，要么都不改。重复的通知不会加两次。',
  transaction: '几处改动放在一个事务里：要么都成，要么都不成。',
  unchanged: '在事务里再读一遍：该改的早已改好，这次什么都不用做。重复和迟到的通知都停在这里。',
  queryOrders: '定时器每分钟叫醒它，去问还没有结果的订单。',
  idle: '定时器来过，没有到时间的订单。',
  orderquery: '不等通知，直接问微信支付这笔订单怎样了。',
  'orderquery answer': '微信支付自己的说法，可以相信。',
  closeorder: '请微信支付关掉这笔订单，以后不能再付。',
  'closeorder answer': '微信支付关了单，这里才写 CLOSED。',
  checkOrder: '买家付完款回到小程序，小程序来问结果。',
  'checkOrder answer': '服务器知道什么，小程序就显示什么。',
  cancelOrder: '买家不要了。先问微信支付有没有付款，付了的以付款为准。',
  'cancelOrder answer': '取消之后的订单。',
};

export function explain(topic: string | undefined): string {
  return SENTENCES[topic ?? ''] ?? '';
}
