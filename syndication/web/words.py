"""The Persian words for what the archive names in English; a name without one is shown as it is."""

from collections.abc import Mapping

STATES = {
    "live": "در سایت اداره هست",
    "gone": "از سایت اداره برداشته شده",
    "unlisted": "از فهرست سایت افتاده",
}

OUTCOMES = {
    "ok": "خوانده شد",
    "quiet": "خبر تازه\u200cای نبود",
    "silent": "خاموشی نامعمول",
    "degraded": "با روش جانشین خوانده شد",
    "drifted": "چیدمان صفحه\u200cها عوض شده",
    "empty": "پاسخ داد، خبری در آن نبود",
    "blocked": "راه بسته بود",
    "unreachable": "پاسخ نداد",
    "outage": "شبکه قطع بود",
    "stopped": "نیمه\u200cکاره ماند",
}
RUNNING = "در حال خواندن، یا ناگهان بریده"

COUNTS = {
    "new": "تازه",
    "revised": "ویراسته",
    "reread": "بازخوانده",
    "back": "بازگشته",
    "unchanged": "بی\u200cتغییر",
    "gone": "برداشته",
    "listed": "در فهرست",
    "fetched": "گرفته",
    "failed": "ناکام",
    "quarantined": "در قرنطینه",
    "come-back": "مهلتی که سایت خواسته (ثانیه)",
}

PRECISIONS = {"second": "تا ثانیه", "minute": "تا دقیقه", "day": "تنها روز", "month": "تنها ماه"}

ORIGINS = {
    "page": "در صفحه نوشته است",
    "meta": "در فرادادهٔ صفحه نوشته است",
    "feed": "در خوراک اداره نوشته است",
    "listing": "در فهرست سایت نوشته است",
}

FLAGS = {
    "relative": "تاریخ نسبی بود",
    "future": "در آینده است",
    "before-source": "پیش از آغاز کار این تارنما",
    "weekday-mismatch": "روز هفته با تاریخ نمی\u200cخواند",
    "calendars-disagree": "دو تقویم با هم نمی\u200cخوانند",
    "jalali-year-in-gregorian-field": "سال خورشیدی در جای میلادی بود",
    "nonexistent-local-time": "ساعتی که آن روز نبوده است",
    "ambiguous-local-time": "ساعتی که آن روز دو بار بوده است",
    "day-period-mismatch": "ساعت با صبح و عصر نمی\u200cخواند",
    "ambiguous-day-order": "ترتیب روز و ماه روشن نبود",
    "metadata-disagrees": "فراداده\u200cی صفحه روز دیگری می\u200cگوید",
    "feed-disagrees": "خوراک اداره روز دیگری می\u200cگوید",
    "listing-disagrees": "فهرست سایت روز دیگری می\u200cگوید",
    "before-publication": "پیش از انتشار است",
    "lunar-date-beside": "تاریخ قمری هم نوشته شده بود",
}

FILTERS = {
    "text": "متن",
    "province": "استان",
    "agency": "سازمان",
    "source": "منبع",
    "tag": "برچسب",
    "state": "وضعیت",
    "since": "از تاریخ",
    "until": "تا پایانِ",
    "changed-since": "تغییر پس از شمارهٔ",
    "collapse-copies": "هر متن یک بار",
    "sort": "ترتیب",
    "limit": "شمار",
    "cursor": "جای برگه",
}


def word(words: Mapping[str, str], name: object) -> str:
    return words.get(str(name), str(name))
