/** Word lists and patterns behind the extractive captioner's rules; docs/baselines.md states the rules themselves. */

/** Verbs by which a text says that a figure shows something. */
export const SHOW =
  "shows?|presents?|displays?|depicts?|illustrates?|plots?|gives?|provides?|reports?|visuali[sz]es|summari[sz]es|contains?";
/** Their participles, as in "shown in Figure 3". */
export const SHOWN =
  "shown|presented|displayed|depicted|illustrated|plotted|given|provided|reported|visuali[sz]ed|summari[sz]ed|drawn|sketched|represented|demonstrated|indicated|listed";
/** Participles of looking, as in "as can be seen in Figure 3". */
export const SEEN = `${SHOWN}|seen|observed|noted|evident|evidenced|apparent|visible|expected|described|discussed|highlighted|exemplified|suggested|confirmed`;

/** Openers that point back to the sentence before. */
export const DANGLING =
  /^(?:(?:And|But|So|Yet|Or|Because of|Due to|Despite|After|In|For|From|With|At|On|By|As|Of|To|Like|Unlike|Since|Given|Both of|Each of|All of|Most of|Some of|None of|One of|Using) )?(?:this(?! figure| table| plot)|these|those|that|it(?! (?:is|was|can be) (?:clear|evident|apparent|seen))|its|they|their|them|such|he|she|his|her|both(?! \p{L}+ and)|the (?:former|latter|same|two|other|others|second|third|last|first|reason|remaining|rest|result|results is|effect|difference) (?!figure)|the latter|the former|another|others?|neither|either|instead|conversely|similarly|likewise|in contrast|by contrast|on the other hand|otherwise|there(?! (?:is|are|was|were))|then|to this end|as a result|as such|here|in this case|in that case|again|also|too|meanwhile|note|as before|at the same time|for this reason|if so|as well|for (?:instance|example))(?![\p{L}])/iu;

/** The same a few words on: "Only 17 of these cells …". */
export const DANGLING_WITHIN =
  /^(?:[^\s,;:]+ ){1,6}(?:these|those|this(?! figure| table| plot))(?![\p{L}])|^(?:although|while|if|when) (?:[^\s,]+ ){0,1}[^\s,]+, (?:it|they)(?![\p{L}])/iu;

/** Connectives that a sentence can lose without losing its grammar or its claim. */
export const CONNECTIVE =
  /^(?:however|moreover|furthermore|in addition|additionally|finally|indeed|in particular|in fact|specifically|interestingly|importantly|notably|clearly|obviously|evidently|overall|in general|more precisely|more specifically|in summary|in short|nevertheless|nonetheless|of course|therefore|thus|hence|consequently|accordingly|as expected|surprisingly|remarkably|unsurprisingly|first(?:ly)?|second(?:ly)?|third(?:ly)?|next|lastly|now|again|also|here|in conclusion|for completeness|in practice|as an? (?:illustration|example)),\s+/i;

/** Openings that only announce what follows: "It can be seen that …". Hedged verbs such as "suggests" stay. */
export const ANNOUNCEMENT = new RegExp(
  String.raw`^(?:it (?:can|may|could|should) (?:also |thus |therefore |then |now )?be (?:also |clearly |easily |readily )?(?:seen|observed|noted|noticed|remarked)|` +
    String.raw`it (?:is|was|becomes) (?:also |thus |therefore |then )?(?:\p{L}+ly )?(?:clear|evident|apparent|seen|obvious|visible|noticeable|notable|noted|found|observed|worth noting|worth noticing|worth mentioning|interesting to note|important to note)|` +
    String.raw`(?:one|we|you) (?:can|may|could|should) (?:also |clearly |easily |readily |then |now |thus )?(?:see|observe|note|notice)|` +
    String.raw`we (?:also |clearly |further |then |thus |can |therefore |first )?(?:see|saw|find|found|observe|observed|note|noted|notice|noticed)|` +
    String.raw`(?:please )?(?:note|notice|observe)(?: also)?)(?: (?:here|in|from|by|on)? ?[\ue000\ue100-\ue1ff]?)?,? that,?\s+`,
  "iu",
);

/** The author speaking of themselves, or to the reader. */
export const FIRST_PERSON =
  /(?<![\p{L}\p{N}])(?:we|our|ours|us|I|my|me|you|your|let us|let's|readers?|the authors?)(?![\p{L}\p{N}.'’])|^(?:see|let|consider|suppose|assume|recall|compare|refer|note|notice|observe|remember|imagine|define|denote|take|given)\s/iu;

/** Words that point to a place in the paper that a caption does not have. */
export const POINTING = new RegExp(
  [
    String.raw`\b(?:in|of|throughout|from) (?:this|the (?:next|previous|following|preceding|present|last|rest of the|remainder of the|current)) (?:\p{L}+ )?(?:sub)?(?:section|chapter|paper|work|article|study|appendix|manuscript|tutorial|paragraph|thesis|report|review)s?\b`,
    String.raw`\b(?:this|the|next|previous|following|preceding|present) (?:sub)?(?:section|chapter|appendix|paragraph)\b`,
    String.raw`\b(?:this|present|our|current) (?:paper|article|manuscript|tutorial|review)\b`,
    String.raw`\b(?:described|discussed|mentioned|defined|shown|introduced|given|seen|noted|explained|outlined|stated|presented|used|derived|obtained|listed|detailed|as|see|specified|considered) (?:in detail |briefly )?(?:above|below|earlier|later|previously|before|elsewhere|already)\b`,
    String.raw`\b(?:the|this) (?:above|aforementioned|abovementioned|above-mentioned)\b|\babove-?mentioned\b|\baforementioned\b`,
    String.raw`\b(?:as|are|is|the) follow(?:s|ing)\b|\bfollowing (?:equation|expression|form|relation|steps?|list)`,
    String.raw`\b(?:see|in|and) (?:the )?(?:main )?text\b|\b(?:see|in|of) (?:the )?(?:table|figure|appendix|supplement\p{L}*|equation|footnote)s?(?! (?:legend|caption|axis))\b`,
    String.raw`\bsupplementary (?:materials?|information|data|notes?|tables?|figures?|videos?)\b`,
    String.raw`\b(?:previous|next|preceding|last) (?:example|figure|table|panel|plot|equation|step)\b`,
    String.raw`\b(?:these|both|two|all) (?:figures|tables|plots)\b`,
    String.raw`(?:\?\?|https?:|www\.|\bet al\b|\bibid\b|\b(?:Refs?|Secs?|Eqs?)\b)`,
    String.raw`\b(?:below|above|here)[.:]$|[:;]\.?$`,
    String.raw`^as (?:noted|mentioned|discussed|described|stated|explained|before|above|already)\b|^key ?words?\b|\bhereafter\b`,
    String.raw`\b(?:discussed|described|considered) here\b|\bfor this (?:study|work|paper)\b`,
    String.raw`\b(?:eventually|later on|next|now) (?:we|turn)\b|\breturn to\b`,
  ].join("|"),
  "iu",
);

/** Where a citation was: a preposition or conjunction that ends before punctuation. */
export const HOLE =
  /(?<![\p{L}])(?:by|from|of|see|and|with|to|following|e\.g\.|cf\.|the|an|for|than|as|between|at|like|or|when|where|if|into|against|denotes|equals)\s?(?:[,;:)]|\.$)|\(\s?(?:and|or|see|of|in|by)\s|[([]\s?(?:e\.g\.|cf\.|see|i\.e\.)?\s?[,;]?\s?[)\]]|,\s?(?:and|or|described|discussed|shown|proposed)?\s?\.|(?:\p{L})\s[,;](?=\s)|(?<![\p{L}])(?:in|by|from|of|see|to) (?:and|or|is|are|was|were|does|do|did|has|have|can|will|of|by|but|where|while|that (?:the|a|an|it|they))(?![\p{L}])|\[\d{1,3}(?:[,–-]\s?\d{1,3})*\]/u;

/** Words for what can be seen in a picture or read off an axis. */
export const VISUAL: ReadonlySet<string> = new Set(
  `peak peaks dip dips slope slopes increase increases increasing increased decrease decreases decreasing decreased rise
  rises rising fall falls falling drop drops dropped grow grows growing decline declines higher lower larger smaller
  largest smallest highest lowest faster slower narrow narrower broad broader wide wider flat steep steeper linear
  linearly exponential exponentially logarithmic constant maximum minimum mean median average ratio fraction percentage
  distribution distributions histogram curve curves line lines solid dashed dotted axis axes colour color colours
  colors red blue green black grey gray orange yellow purple white dark shaded circles squares triangles symbols points
  arrows bars panel panels inset left right top bottom upper middle error errors scatter trend correlation cluster
  clusters converge converges converged deviation deviates agreement overlap overlaps gap boundary region regions
  periodic period oscillation oscillations amplitude width height depth noise background spectrum image schematic
  diagram workflow map contour surface trajectory pattern stages steps nodes edges`.split(/\s+/),
);
