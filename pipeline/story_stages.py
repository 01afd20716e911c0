"""Which step of an affair a text reports: called, announced, decided, held, received. Pure.

An announcement and the report on the same event are two stories that belong together, not one.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CUES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (stage, re.compile(cues))
    for stage, cues in (
        (
            "call",
            r"оголо(?:шено|шує|сил\w*|шують|шення)\s+(?:\w+\s+){0,3}(?:конкурс|відб[іо]р|набір|прийом|тендер)|прийом заявок|"
            r"приймає(?:мо)?\s+заявки|приймаються заявки|(?:подати|подавайте|подавай)\s+(?:\w+\s+)?заявк|запрошу\w+ (?:\w+ ){0,4}(?:подати|подавати|взяти участь (?:у|в) (?:конкурсі|відборі))|"
            r"кінцевий термін подання|дедлайн|"
            r"стартував\s+(?:\w+\s+){0,2}(?:конкурс|відбір|набір|прийом)|відкрит\w+ (?:\w+ )?(?:конкурс|набір|прийом)|"
            r"open call|call for|calls? (?:is )?open|apply (?:by|now|until|for)|applications? (?:are |is )?(?:now )?(?:open|accepted|invited|welcome)|"
            r"invites? (?:\w+ ){0,4}(?:applications|to apply|proposals)|deadline|announces? (?:a |an |the )?(?:\w+ ){0,3}(?:competition|contest|selection|call|recruitment)|"
            r"can (?:now )?apply|accepting applications",
        ),
        (
            "result",
            r"перемож(?:ц|ни|ець)|переміг|перемогл|результат\w* (?:\w+ )?(?:конкурсу|відбору)|(?:визначено|визначили|визначив|обрано|обрали|відібрано|відібрали|названо|назвали)\s+(?:\w+\s+){0,3}(?:громад|учасник|проєкт|перемож|фіналіст|команд|област|регіон|шк[оі]л|міст)|"
            r"(?:пройшли|пройшла) (?:\w+ )?(?:конкурсний )?відбір|winners?|(?:were|was|been|has|have) selected|selected (?:for|to)|results of the (?:\w+ )?(?:competition|contest|selection|call)|"
            r"(?:contest|competition|selection|call) results|named (?:the )?(?:winner|participants)|finalists",
        ),
        (
            "applied",
            r"подали (?:\w+ )?заяв|(?:отримал\w+|надійшло|зібрано|подано) (?:\w+ ){0,2}(?:заявок|анкет|проєктів)|"
            r"(?:have |has )?applied|\w+ (?:communities|hromadas|municipalities|teams|people) apply|received (?:\w+ )?(?:applications|submissions)|attracts? (?:\w+ )?applications",
        ),
        (
            "announce",
            r"відбудеться|відбудуться|пройде(?!н)|пройдуть|анонс|запрошу(?:є|ємо|ють)\s|реєстрація (?:за|на|відкрита|триває)|зареєструватися|зареєструйтеся|"
            r"долучайтеся|приєднуйтеся|чекаємо на|проведе\b|проведуть|прийматиме|прийме\b|зберуться|збереться|"
            r"will (?:take place|be held|host|hold|gather|meet|discuss|run)|to (?:take place|be held|host)|announcement|upcoming|register (?:by|now|for|here)|registration|"
            r"join us|invites? (?:\w+ ){0,4}to (?:a |an |the )?(?:\w+ )?(?:webinar|forum|training|event|discussion|conference|seminar|join|attend|take part)|save the date",
        ),
        (
            "report",
            r"відбувся|відбулася|відбулось|відбулося|відбулись|відбулися|пройшов\b|пройшла\b|пройшло\b|пройшли\b|завершився|завершилась|завершилася|завершили\b|"
            r"підсумки|підсумували|за підсумками|обговорили|обговорювали|провели\b|провела\b|провів\b|зібрав\b|зібрала\b|зібралися|взяли участь|навчилися|відвідали|"
            r"took place|was held|were held|has been held|concluded|discussed|summary|outcomes|gathered|brought together|participants (?:learned|learnt|discussed)|took part|wrapped up|ended\b",
        ),
        (
            "reaction",
            r"\bвіта(?:є|ють)\b|привітал|прокоментува|коменту(?:є|ють)|розкритикува|критику(?:є|ють)|відреагува|реакці[яюї]|заклика(?:є|ють|в|ла|ли)\b|застерег|застеріга|висловив? (?:\w+ )?(?:позицію|занепокоєння|підтримку)|"
            r"виступ(?:ає|ила|ив|или) (?:проти|за)|оцінил[аио] |просить|звернулася до|звернулися до|"
            r"\bwelcom(?:es|ed)\b|comments? on|commented|criticis|criticiz|reacts?|reaction|calls? (?:on|for)\b(?! proposals| applications)|urges?|warns?|hails|opposes|praises|responds",
        ),
        (
            "decision",
            r"схвали(?:в|ла|ли|ло)|схвалено|ухвали(?:в|ла|ли|ло)|ухвалено|затверди(?:в|ла|ли|ло)|затверджено|прийня(?:в|ла|то) (?:\w+ ){0,3}(?:закон|рішення|постанов|за основу|в цілому|концепці|план|стратегі)|"
            r"проголосува|набу(?:в|ла|ло|ли) чинності|підписав (?:\w+ )?(?:закон|указ)|парламент прийняв|рада прийняла|"
            r"approve[sd]|adopt(?:s|ed)|endorse[sd]|passe[sd]\b|signed (?:the )?(?:\w+ )?(?:law|decree|bill)|enters? into force|entered into force|green-?light",
        ),
        (
            "plan",
            r"планує|планують|має намір|мають намір|намір\w*|підготував\w* (?:\w+ )?(?:проєкт|законопро)|зареєстр\w+ (?:\w+ ){0,3}законопро|законопро\w+ зареєстр|пропонує|пропонують|"
            r"розробляє|готується|готують\w*|декларац\w+ про наміри|збирається|(?:до|перед) друг\w+ читання?м?|"
            r"plans? to|intends?|intent|proposes?|registered (?:\w+ )?(?:draft|bill)|(?:bill|draft law) (?:was |has been |is )?(?:registered|submitted)|is (?:drafting|preparing)|prepares to|(?:before|ahead of) (?:the )?second reading",
        ),
        (
            "start",
            r"розпоч(?:ав|ала|али|ато|инає)|стартува|стартує|запусти|запуска|запущено|відкри(?:в|ла|ли|то)\b|launch|start(?:s|ed)|begins?|began|kicks? off|kicked off|opens|opened",
        ),
        (
            "finish",
            r"заверш(?:ив|ила|ено|ує|ення|ують)|закінчи|підсумк|complete[sd]?|completion|finish|finali[sz]e|ends\b|wrap",
        ),
    )
)
# Steps of one affair that are told apart: neither may be merged with the other.
_APART = frozenset(
    frozenset(pair)
    for pair in (
        ("call", "result"),
        ("call", "report"),
        ("announce", "report"),
        ("announce", "result"),
        ("decision", "reaction"),
        ("plan", "decision"),
        ("plan", "start"),
        ("start", "finish"),
        ("announce", "reaction"),
        ("report", "reaction"),
        ("plan", "finish"),
        ("call", "finish"),
        ("call", "applied"),
        ("applied", "result"),
    )
)


@lru_cache(maxsize=8192)
def stages(folded: str) -> frozenset[str]:
    """The steps that a folded text speaks of."""
    low = folded.lower()
    return frozenset(stage for stage, cues in _CUES if cues.search(low))


def apart(first: frozenset[str], second: frozenset[str]) -> tuple[str, str] | None:
    """The two steps that keep two texts apart, or None: they share a step, or one of them names none."""
    if first & second:
        return None
    pairs = sorted((one, other) for one in first for other in second if frozenset((one, other)) in _APART)
    return pairs[0] if pairs else None
