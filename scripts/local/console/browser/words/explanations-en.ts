/** The same sentences as in Chinese. */
export const en: Readonly<Record<string, string>> = {
  createOrder:
    'The mini-program says only what it wants; the function reads the price from the product, and the platform tells it who asks.',
  'createOrder answer':
    "Signed payment parameters. The phone pays with them, and nobody without the merchant's key can make them.",
  read: 'The function looks into the database first. It does not believe a price that the mini-program sends.',
  phoneRead:
    'The mini-program reads the database itself; the security rules give it products and its own orders, and nobody writes from a phone.',
  saveOrder: 'Saved before WeChat is asked: if the connection breaks now, the order can still be found.',
  write: 'Every write has a condition: it changes a document only while that is still as it was read.',
  claim:
    'The next question is put off before this one is asked: of two timers that run at once, only one asks.',
  reschedule: 'No result yet, so a time for the next question is set. The gaps grow.',
  alarm: 'Something that a person must look at.',
  unifiedorder: 'unifiedorder: tells WeChat Pay what this shopper is to pay for this order.',
  'unifiedorder answer': 'prepay_id stands for this payment to come, and is used to pay.',
  requestPayment: 'The mini-program asks WeChat to open the cashier.',
  shopper: "This happens in WeChat, out of the shop's sight.",
  paid: "WeChat's book changed. The shop does not know yet.",
  hint: 'The phone says that it is paid, but a phone can be changed: only WeChat decides, so nothing is settled here.',
  notice:
    'WeChat Pay reports the result, signed. Until it reads SUCCESS it sends again after 15 s, 15 s, 30 s, 3 minutes … for more than a day.',
  receipt:
    'SUCCESS is answered only once the order is saved; the other way round, a power cut would lose the payment.',
  lost: 'It did not arrive. It will come again by schedule, and the timer asks by itself, so no payment is lost.',
  broken:
    'The connection broke, and nobody knows whether the other side did it: taken as unknown, not as failed, and asked again later.',
  settle:
    "The order's state and the membership change in one transaction: both or none. A repeated notice does not add twice.",
  transaction: 'Several changes in one transaction: all of them or none.',
  unchanged: 'Read again within the transaction: all was done already. Repeated and late notices end here.',
  queryOrders: 'The timer wakes it every two minutes to ask about orders without a result.',
  idle: 'The timer came, and no order was due.',
  'idle timer': 'The timer came and had nothing to do: it wrote nothing and asked nobody.',
  orderquery: 'Asks WeChat Pay about this order without waiting for the notice.',
  'orderquery answer': 'What WeChat Pay itself says can be believed.',
  closeorder: 'Asks WeChat Pay to close this order, so that it cannot be paid any more.',
  'closeorder answer': 'CLOSED is written here only after WeChat Pay has closed it.',
  refund:
    "Asks WeChat to give the money back, and shows the merchant's certificate; the same number again is the same refund.",
  'refund answer': 'WeChat has taken it, and the money is on its way: how it ended must be asked.',
  refundquery: "Asks WeChat about this order's refunds.",
  'refundquery answer':
    'It is booked, and the membership changed, only once WeChat says that the money is back.',
  downloadbill: 'Fetches the bill of a day from WeChat Pay, to compare it with the orders line by line.',
  'downloadbill answer':
    'It is not signed, so it only says which orders to ask about; a day without payments has no bill.',
  robot:
    'After the orders, new alarms are posted to the group chat; what cannot be sent is sent later, and payments do not wait for it.',
  'robot answer': 'Noted as reported only once it was answered, so none is left out.',
  login: 'The mini-program asks WeChat for a code: it can be used once, within five minutes.',
  code2Session:
    'The function exchanges the code and the AppSecret for the session_key, signs this payment with it, and does not keep it.',
  'code2Session answer': "The openid must be the caller's; the session_key only signs.",
  stable_token: "WeChat's APIs want an access_token. It lasts two hours and is kept in memory.",
  'stable_token answer': 'The same access_token, renewed five minutes before its end.',
  requestVirtualPayment:
    'The mini-program asks WeChat to open the cashier of virtual payment, with two signatures: of the AppKey and of the session_key.',
  created: 'Virtual payment has no unifiedorder: WeChat has the order once its cashier opens.',
  replaced:
    'The shopper signed in elsewhere and the session_key was replaced, so earlier signatures are void: sign in and sign again.',
  event:
    'WeChat pushes the deliver event without a signature: only a hint, so the function asks query_order. Without ErrCode 0 it comes again, up to 15 times.',
  'event answer':
    'ErrCode 0 is answered once it is settled, and WeChat takes the order as delivered. No answer would count as success too, so there is always one.',
  'lost event':
    'It did not arrive. It will be pushed again, and the timer asks by itself, so no payment is lost.',
  'lost success': 'Paid, and the mini-program received no result: back on its page it asks the server.',
  query_order: 'Asks WeChat about this order; only its answer can settle it.',
  'query_order answer': '2, 3 and 4 are paid; no such data means that the cashier was never opened.',
  notify_provide_goods: 'Tells WeChat of a delivery whose event never came.',
  is_trade_managed:
    "Asks whether WeChat keeps this mini-program's money until it knows that orders were fulfilled.",
  'is_trade_managed answer': 'Remembered for a while; where it is false, nothing is reported.',
  upload_shipping_info:
    'Tells WeChat that a paid order was fulfilled, as virtual goods; the same again until WeChat takes it.',
  'upload_shipping_info answer': 'Taken, or taken before: nothing is left to say about the order.',
  checkOrder: 'The shopper comes back to the mini-program after paying, and it asks for the result.',
  'checkOrder answer': 'The mini-program shows what the server knows.',
  cancelOrder: 'The shopper does not want it any more. WeChat is asked first; if it is paid, that counts.',
  'cancelOrder answer': 'The order after it was cancelled.',
};
