"""Captions of the newsletter in English and Ukrainian. Pure."""

from __future__ import annotations

from language.calendar import month_name

WORDS = {
    "en": {
        "draft": "Draft",
        "nothing": "Nothing new.",
        "also": "Also",
        "more": "… and {n} more.",
        "late": "late arrival",
        "no_date": "no date",
        "corrects": "Correction to {issue}. Earlier headline: {was}",
        "corrects_plain": "Correction to {issue}",
        "note": "Editor's note",
        "publisher": "English by the publisher",
        "editor": "English headline by the editor",
        "machine": "machine translation",
        "approved": "machine translation, checked by an editor",
        "machine_lead": "lead: machine translation",
        "withheld": "No English yet",
        "withheld_failed": "No English: the translation was withheld",
        "withheld_flagged": "No English: a check found a fault in the machine translation",
        "withheld_editor": "No English: withheld by the editor",
        "made": "Headlines and leads belong to their publishers. Machine translations say that they are.",
        "contents": "In this issue",
        "browser": "View in browser",
        "page": "This issue on the web",
        "more_at": "… and {n} more: {page}",
        "because": "You receive this because you subscribed to {name}.",
        "unsubscribe": "Unsubscribe",
        "contact": "Contact",
        "read_more": "Read more",
        "own": "From the editors",
    },
    "uk": {
        "draft": "Чернетка",
        "nothing": "Нічого нового.",
        "also": "Також",
        "more": "… і ще {n}.",
        "late": "надійшло пізніше",
        "no_date": "без дати",
        "corrects": "Уточнення до {issue}. Попередній заголовок: {was}",
        "corrects_plain": "Уточнення до {issue}",
        "note": "Примітка редакції",
        "publisher": "англійською від видавця",
        "editor": "заголовок англійською від редакції",
        "machine": "машинний переклад",
        "approved": "машинний переклад, перевірений редактором",
        "machine_lead": "анонс: машинний переклад",
        "withheld": "Англійською ще немає",
        "withheld_failed": "Без англійської: придатного перекладу не було",
        "withheld_flagged": "Без англійської: перевірка знайшла помилку в машинному перекладі",
        "withheld_editor": "Без англійської: так вирішила редакція",
        "made": "Заголовки та анонси належать видавцям. Машинні переклади позначені.",
        "contents": "У цьому випуску",
        "browser": "Відкрити у браузері",
        "page": "Цей випуск на сайті",
        "more_at": "… і ще {n}: {page}",
        "because": "Ви отримали цей лист, бо підписалися на розсилку «{name}».",
        "unsubscribe": "Відписатися",
        "contact": "Контакт",
        "read_more": "Докладніше",
        "own": "Від редакції",
    },
}


def say(language: str, key: str, **values: object) -> str:
    """Return one phrase; values are put in as they are."""
    text = WORDS[language][key]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def say_day(language: str, day: str) -> str:
    """Return `2026-02-20` as `20 February 2026`; anything else as it is."""
    parts = day.split("-")
    if (
        len(parts) != 3
        or not all(part.isascii() and part.isdecimal() for part in parts)
        or not 1 <= int(parts[1]) <= 12
    ):
        return day
    return f"{int(parts[2])} {month_name(int(parts[1]), language, 'genitive')} {parts[0]}"
