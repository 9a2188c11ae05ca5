/** Words by which someone takes back what they just said, at the start of a sentence or clause. */
const TAKES_BACK_WORDS =
  "no(?=[,.:;!]|\\s+wait|\\s+it(?:'s| is)|\\s*[-+]?\\d)|wait|hold on|actually|correction|scratch that|on reflection|on second thought|oops|sorry|i mean|i made (?:a|an) (?:mistake|error)|my mistake|let me re\\w+|that(?:'s| is) (?:wrong|not right|incorrect|false)|in (?:fact|reality|truth)|" +
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
export const DENIED_BEFORE = new RegExp(
  '(?:' +
    '\\b(?:not|never|rather than|instead of|nor|other than|(?:anything|everything|anyone|everyone) (?:but|except)|except(?: for)?|apart from|rule out)' +
    "|\\b(?:can(?:not|'t| not)|could(?: not|n't)|won't|does not|doesn't|do not|don't)\\s(?:be|equal|answer|say|make|give|choose|pick)" +
    '|\\b(?:wrong|incorrect|false)\\s(?:\\w+\\s)?(?:is|was|would be)' +
    '|(?<!\\p{L})(?:không phải(?: là)?|chứ không(?: phải)?(?: là)?|thay vì|không thể là|khác(?: với)?|ngoài|ngoại trừ|sai (?:là|thì|:))' +
    '|(?:間違った|誤った|間違いの?|不正解の?)(?:答え|解答|回答)は' +
    ')\\s*(?:\\(|"|\\$|just |option |exactly |đúng |là )?\\s*$',
  'iu',
);

/** After a value: likewise. Japanese denies behind. */
export const DENIED_AFTER = new RegExp(
  '^(?:' +
    '[^\\d\\s、。,.]{0,6}(?:ではなく|じゃなく|でなく|ではあり|ではな|でな|じゃな|じゃあり|とは違|は(?:間違|誤|違|不正解|正しくな|あり得|ありえ))' +
    '|(?:\\s(?!because|since|as|and|but|while)\\w+){0,2}\\s(?:is|was|would be|looks|seems|are)\\s(?:not|wrong|incorrect|false|too|impossible|a (?:trap|mistake|common))' +
    '|(?:\\s\\p{L}+){0,2}\\s(?:không phải|không đúng|là sai|sai(?!\\p{L})|chưa đúng)' +
    ')',
  'iu',
);

/** Before a value: something is done to it, so that it is not the value itself. */
export const CHANGED_BEFORE =
  /(?:\b(?:half|third|quarter|twice|thrice|double|triple|square|cube|root|sqrt|log|ln|sin|cos|tan|multiple|divisor|factor|divided by|less|more|fewer|almost|nearly|just under|not quite|close to)(?: of| than| short of)?(?: the)?|(?<!\p{L})(?:gấp(?: \p{L}+)?|(?:một )?nửa(?: của)?|(?:hai|ba|bốn) lần|căn(?: bậc hai)?(?: của)?|bình phương(?: của)?|gần(?: bằng)?|chưa (?:đến|tới)|suýt|xấp xỉ dưới)|ほぼ)\s*\(?\s*$/iu;

/** After a value: likewise. */
export const CHANGED_AFTER =
  /^(?:\s\p{L}+)?\s(?:squared|cubed|plus|minus|mod|modulo|times|divided by|multiplied by|cộng|trừ|nhân|chia|bình phương)(?!\p{L})|^[^\d\s、。,.]{0,3}の(?:半分|[\d一二三四五]*倍|[二三]乗|平方)/iu;

/** The answer depends on what nobody said. */
export const DEPENDS =
  /\b(?:otherwise|or else|unless|maybe [^,;.]{1,20}[,;] maybe)\b|そうでなければ|さもなければ|それ以外なら|nếu không thì/iu;

/** Sentences about what would be if things were otherwise. */
export const HYPOTHETICAL = /\bif\b[^.!?\n]*\bwould\b|\bwould\b[^.!?\n]*\bif\b/iu;

/** Before an announcement: someone else's answer, or a wrong one. */
export const NOT_OWN =
  /(?:\b(?:wrong|incorrect|false|first|initial|intermediate|tempting|naive|common)\s|\b(?:some|many|most|people|someone|somebody|others|they|one|you)\b[^.!?,;\n]{0,40}\b(?:say|think|claim|believe|argue|guess|expect|assume)\b[^.!?,;\n]{0,20}|(?:間違った|誤った|違う|別の|最初の)|nhiều người[^.!?,;\n]{0,40})$/iu;

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
  /^\s?[^\d\s。、]{0,4}?(?:以上|以下|未満|超え|を超|より|(?<=[個人円点歳本枚])台|\+(?!\s*\d)|\s*or (?:more|less|fewer|so)|\s*(?:quả |cái |người )?trở (?:lên|xuống))|^\s?[歳円万千]?代(?![金理表わ])/iu;

/** Sentences at the end of a reply that are not about its matter. */
export const PLEASANTRY =
  /^\s*(?:let me know|hope (?:this|that|it)|i hope|feel free|if you|would you|please (?:let|feel)|do you|you're welcome|happy to|thanks|thank you|ご不明|お役に|お気軽|他に|ほかに|何か|もし|nếu (?:bạn|cần|có)|hy vọng|hãy cho|bạn có (?:muốn|cần)|chúc|cảm ơn)/iu;

/** Sentences that explain or check an answer given before. */
export const EXPLANATION =
  /^\s*(?:\(?(?:this is because|because|since|check|verif\w+|explanation|note|here's why|here is why|reason|proof|to check)\b|なぜなら|検算|理由|確認|説明|解説|注|vì (?!vậy|thế)|bởi vì|kiểm tra|giải thích|lưu ý|thử lại)/iu;
