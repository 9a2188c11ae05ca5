/** Words by which someone takes back what they just said, at the start of a sentence or clause. */
const TAKES_BACK_WORDS =
  "no(?=[,.:;!]|\\s+wait|\\s+it(?:'s| is)|\\s*[-+]?\\d)|wait|hmm+|hold on|actually|correction|scratch that|on reflection|on second thought|oops|sorry|i mean|i made (?:a|an) (?:mistake|error)|my mistake|let me re\\w+|that(?:'s| is) (?:wrong|not right|incorrect|false)|in (?:fact|reality|truth)|" +
  'いや|いえ|違う|違います|訂正|間違え|間違い|やはり|やっぱり|待って|待てよ|すみません|失礼|正しくは|修正|計算し直|' +
  'à không|à nhầm|nhầm|ồ không|xin lỗi|khoan|chờ đã|sửa lại|đính chính|thực ra|tính lại|à,|không,';

/** A retraction within one line: `12… no, 15`. */
export const TAKES_BACK_IN_LINE = new RegExp(
  `(?:\\.{2,}|…|[,;.?!。、？！—–(]|\\s-)\\s{0,3}(?:but |nhưng )?(?:${TAKES_BACK_WORDS})`,
  'giu',
);

/** What a sentence that takes back begins with. */
export const TAKES_BACK_FIRST = new RegExp(`^(?:${TAKES_BACK_WORDS})[\\s,.:;!、。…]{0,3}`, 'iu');

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
    "|(?:(?:not|never)\\s(?:think|believe|suppose|say|agree)|don't\\s(?:think|believe|suppose|agree)|\\b(?:doubt|impossible|no way|nobody|no one))(?!\\p{L})[^,;:.!?\\n]{0,30}" +
    '|(?<!\\p{L})(?:(?:không|chẳng|chưa)\\s(?:nghĩ|tin|cho rằng|chắc|chọn)|khó có thể)(?!\\p{L})[^,;:.!?\\n]{0,20}' +
    ')\\s*(?:\\(|"|\\$|just |option |exactly |equal to |đúng |là )?\\s*$',
  'iu',
);

/** After a value: likewise. Japanese denies behind. */
export const DENIED_AFTER = new RegExp(
  '^(?:' +
    '[^\\d\\s、。,.]{0,6}(?:ではなく|じゃなく|でなく|ではあり|ではな|でな|じゃな|じゃあり|とは(?:違|限|[言い]え|思わ|思いま|考え)|の(?:はず|わけ)[がは]|(?:という(?:答え|の|値|数))?は(?:間違|誤|違|不正解|正しく[なあ]|あり得|ありえ))' +
    '|(?:\\s(?!because|since|as|and|but|while)\\w+){0,2}\\s(?:is|was|would be|looks|seems|are)\\s(?:not|wrong|incorrect|false|too|impossible|a (?:trap|mistake|common))' +
    "|(?:\\s(?!and|but|because)\\w+){0,2},?\\s(?:which|but (?:that|this|it)) (?:i (?:disagree|doubt)|(?:is|was|'s) (?:not|wrong|incorrect|false|impossible))" +
    '|(?:\\s\\p{L}+){0,2}\\s(?:không phải|không đúng|là sai|sai(?!\\p{L})|chưa đúng)' +
    ')',
  'iu',
);

/** Before a value: something is done to it, so that it is not the value itself. */
export const CHANGED_BEFORE =
  /(?:\b(?:half|third|quarter|twice|thrice|double|triple|square|cube|root|sqrt|log|ln|sin|cos|tan|multiple|divisor|factor|reciprocal|inverse|opposite|negative(?= of)|divided by|less|more|fewer|almost|nearly|just under|not quite|close to)(?: of| than| short of)?(?: the)?|(?<!\p{L})(?:gấp(?: \p{L}+)?|(?:một )?nửa(?: của)?|(?:hai|ba|bốn) lần|căn(?: bậc hai)?(?: của)?|bình phương(?: của)?|gần(?: bằng)?|kém|thua|chưa (?:đến|tới)|suýt|xấp xỉ dưới)|ほぼ|√|(?<![\p{L}\d])[a-z]\s?[-+*/^×·<>≤≥≠])\s*\(?\s*$/iu;

/** After a value: likewise. */
export const CHANGED_AFTER =
  /^(?:\s\p{L}+)?\s(?:squared|cubed|plus|minus|mod|modulo|times|divided by|multiplied by|cộng|trừ|nhân|chia|bình phương|factorial|to the power)(?!\p{L})|^_\d|^\s?[<>≤≥≠]|^\s?[-+*/^×·]\s?[a-z](?!\p{L})|^[inxyz](?![\p{L}\d]|\s?\d)|^[^\d\s、。,.]{0,3}の(?:半分|[\d一二三四五]*倍|[二三]乗|平方)/iu;

/** The answer depends on what nobody said. */
export const DEPENDS =
  /\b(?:otherwise|or else|unless|maybe [^,;.]{1,20}[,;] maybe)\b|そうでなければ|さもなければ|それ以外なら|nếu không thì/iu;

/** Sentences about what would be if things were otherwise. */
export const HYPOTHETICAL = /\bif\b[^.!?\n]*\bwould\b|\bwould\b[^.!?\n]*\bif\b/iu;

/** Words that turn from what was said to what is so. */
const CONTRAST_WORDS = 'but|however|yet|nhưng|tuy nhiên|しかし';

/** Before an announcement: someone else's answer, or a wrong one, or one that is not believed. */
export const NOT_OWN = new RegExp(
  '(?:\\b(?:wrong|incorrect|false|first|initial|intermediate|tempting|naive|common)\\s' +
    '|\\b(?:some|many|most|people|someone|somebody|others|they|one|you)\\b' +
    `(?:(?!\\b(?:${CONTRAST_WORDS})\\b)[^.!?,;\\n]){0,40}\\b(?:say|think|claim|believe|argue|guess|expect|assume)\\b` +
    `(?:(?!\\b(?:${CONTRAST_WORDS})\\b)[^.!?,;\\n]){0,20}` +
    '|\\b(?:some|many|most|people|others|one|you)(?:\\s\\w+)?\\s(?:would|might|may|could)\\s' +
    "|\\b(?:doubt|impossible|not (?:think|believe)|don't (?:think|believe))\\b[^.!?,;\\n]{0,20}" +
    '|\\b(?:for example|example of)\\b[^.!?\\n]{0,30}' +
    '|(?:間違った|誤った|違う|別の|最初の)' +
    '|(?:nhiều người|có người|người ta|một số người|không (?:nghĩ|tin))(?:(?!nhưng)[^.!?,;\\n]){0,40})$',
  'iu',
);

/** A sentence that tells what others hold, or the writer held at first. */
export const OTHERS_VIEW =
  /^\s*(?:(?:some|many|most|people|others|they|everyone|somebody|someone)(?:\s[\w']+){0,4}?\s(?:say|think|claim|believe|argue|guess|expects?|assume|choose|pick|answer)s?\b|my (?:first|initial) (?:guess|thought|answer|instinct)|i (?:first|initially|at first) |at first (?:glance|sight)|(?:có|nhiều|một số|người|bạn)\s?(?:người|ta|tôi)?(?:\s\p{L}+){0,2}\s(?:nói|nghĩ|cho|bảo|tưởng|chọn)(?!\p{L}))|と(?:言|い|思|考)う人も?[がい]|と(?:思|考)われがち/iu;

/** Where such a sentence turns to what is so. */
export const CONTRAST = new RegExp(
  `[,;]?\\s(?:${CONTRAST_WORDS})(?!\\p{L})[,:]?\\s|がちですが、?|いますが、?`,
  'giu',
);

/** Between two values: one or the other. */
export const OR_BETWEEN =
  /^[^\d]{0,12}?(?:\bor\b|\bhoặc\b|\bhay\b|または|もしくは|あるいは|ないし|か|\/\/|\bvs\b)[^\d]{0,8}$/iu;

/** Between two values: from the one to the other. */
export const RANGE_BETWEEN =
  /^[^\d.,;=]{0,12}?(?:-|–|—|~|から|\bto\b|\sđến\s|\stới\s|\buntil\b)[^\d=]{0,6}$/iu;

/** Before a value: a bound or a range. */
export const BOUND_BEFORE =
  /(?:\beither|\bbetween|\bat (?:the )?(?:least|most)|\ba (?:minimum|maximum) of|\bas (?:many|much|few|little) as|\bin excess of|\b(?:more|less|fewer|greater|larger|smaller|higher|lower) than|\bover|\bunder|\bup to|\bno (?:more|less|fewer) than|\babove|\bbelow|ít nhất|nhiều nhất|tối thiểu|tối đa|(?:^|\s)hơn|lớn hơn|nhỏ hơn|không quá|dưới|(?:^|[\s:])(?:trên|quá|cùng lắm(?: là)?)|[<>≤≥±≠]=?|少なくとも|(?:最低|最大|最高)(?:でも|で)?|せいぜい|多く(?:ても?|とも)|高々|たかだか)\s*(?:là\s)?\$?\s*$/iu;

/** After a value: a bound. */
export const BOUND_AFTER =
  /^\s?[^\d\s。、]{0,4}?(?:以上|以下|以内|未満|超え|を超|を[上下]回|足らず|に満た|[弱強](?=$|です|[、。])|より|(?<=[個人円点歳本枚])台|\+(?!\s*\d)|\s*or (?:more|less|fewer|so)|\s*(?:quả |cái |người )?trở (?:lên|xuống)|(?:\s\p{L}+)?\s(?:at (?:the )?(?:most|least)|minimum|maximum|or thereabouts|là cùng|hoặc (?:hơn|ít hơn|nhiều hơn))(?!\p{L}))|^\s?[歳円万千]?代(?![金理表わ])/iu;

/** Sentences at the end of a reply that are not about its matter. */
export const PLEASANTRY =
  /^\s*(?:let me know|hope (?:this|that|it)|i hope|feel free|if you|would you|please (?:let|feel)|do you|you're welcome|happy to|thanks|thank you|ご不明|お役に|お気軽|他に|ほかに|何か|もし|nếu (?:bạn|cần|có)|hy vọng|hãy cho|bạn có (?:muốn|cần)|chúc|cảm ơn)/iu;

/** Sentences that explain or check an answer given before. */
export const EXPLANATION =
  /^\s*(?:\(?(?:this is because|because|since|check|verif\w+|explanation|note|here's why|here is why|reason|proof|to check)\b|なぜなら|検算|理由|確認|説明|解説|注|vì (?!vậy|thế)|bởi vì|kiểm tra|giải thích|lưu ý|thử lại)/iu;
