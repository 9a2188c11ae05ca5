/** Words by which someone takes back what they just said, at the start of a sentence or clause. */
const TAKES_BACK_WORDS =
  "no(?=[,.:;!]|\\s+wait|\\s+it(?:'s| is)|\\s*[-+]?\\d)|wait|hold on|actually|correction|scratch that|on reflection|on second thought|oops|sorry|i mean|i made (?:a|an) (?:mistake|error)|my mistake|let me re\\w+|that(?:'s| is) (?:wrong|not right|incorrect)|" +
  'いや|いえ|違う|違います|訂正|間違え|間違い|やはり|やっぱり|待って|待てよ|すみません|失礼|正しくは|修正|計算し直|' +
  'à không|à nhầm|nhầm|ồ không|xin lỗi|khoan|chờ đã|sửa lại|đính chính|thực ra|tính lại|à,|không,';

/** A retraction within one line: `12… no, 15`. */
export const TAKES_BACK_IN_LINE = new RegExp(
  `(?:\\.{2,}|…|[,;.?!。、？！—–(]|\\s-)\\s{0,3}(?:${TAKES_BACK_WORDS})`,
  'giu',
);

/** A retraction that begins a later sentence. */
export const TAKES_BACK_LATER = new RegExp(
  `(?:^|[.?!。？！…\\n]\\s{0,3})(?:${TAKES_BACK_WORDS})`,
  'iu',
);

/** Before a value: it is what the answer is not. */
export const DENIED_BEFORE =
  /(?:\b(?:not|never|rather than|instead of|nor)|không phải(?: là)?|chứ không(?: phải)?(?: là)?|thay vì)\s*(?:\(|"|\$|just |option |exactly |đúng |là )?\s*$/iu;

/** After a value: likewise. Japanese denies behind. */
export const DENIED_AFTER =
  /^[^\d\s、。,.]{0,6}(?:ではなく|じゃなく|でなく|ではあり|ではな|じゃな|じゃあり|とは違)/u;

/** Between two values: one or the other. */
export const OR_BETWEEN =
  /^[^\d]{0,12}?(?:\bor\b|\bhoặc\b|\bhay\b|または|もしくは|あるいは|ないし|か|\/\/|\bvs\b)[^\d]{0,8}$/iu;

/** Between two values: from the one to the other. */
export const RANGE_BETWEEN =
  /^[^\d.,;=]{0,12}?(?:-|–|—|~|から|\bto\b|\sđến\s|\stới\s|\buntil\b)[^\d=]{0,6}$/iu;

/** Before a value: a bound or a range. */
export const BOUND_BEFORE =
  /(?:\beither|\bbetween|\bat (?:least|most)|\b(?:more|less|fewer|greater|larger|smaller|higher|lower) than|\bover|\bunder|\bup to|\bno (?:more|less|fewer) than|\babove|\bbelow|ít nhất|nhiều nhất|tối thiểu|tối đa|(?:^|\s)hơn|lớn hơn|nhỏ hơn|không quá|dưới|[<>≤≥±≠]=?)\s*(?:là\s)?\$?\s*$/iu;

/** After a value: a bound. */
export const BOUND_AFTER =
  /^\s?[^\d\s。、]{0,4}?(?:以上|以下|未満|超え|を超|より|代|\+(?!\s*\d)|\s*or (?:more|less|fewer|so)|\s*(?:quả |cái |người )?trở (?:lên|xuống))/iu;

/** Sentences at the end of a reply that are not about its matter. */
export const PLEASANTRY =
  /^\s*(?:let me know|hope (?:this|that|it)|i hope|feel free|if you|would you|please (?:let|feel)|do you|you're welcome|happy to|thanks|thank you|ご不明|お役に|お気軽|他に|ほかに|何か|もし|nếu (?:bạn|cần|có)|hy vọng|hãy cho|bạn có (?:muốn|cần)|chúc|cảm ơn)/iu;

/** Sentences that explain or check an answer given before. */
export const EXPLANATION =
  /^\s*(?:\(?(?:this is because|because|since|check|verif\w+|explanation|note|here's why|here is why|reason|proof|to check)\b|なぜなら|検算|理由|確認|説明|解説|注|vì (?!vậy|thế)|bởi vì|kiểm tra|giải thích|lưu ý|thử lại)/iu;
