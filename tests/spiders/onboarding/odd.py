"""An office of a CMS that nobody knows, written for the tests: a front page, an archive, six releases."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

TITLES = (
    "گشایش سه کارگاه تازه قالی\u200cبافی در روستاهای اردکان",
    "نشست هم\u200cاندیشی کارآفرینان جوان استان برگزار شد",
    "آغاز نام\u200cنویسی دوره\u200cهای رایگان مهارت\u200cآموزی پاییز",
    "بازدید سرزده مدیرکل از واحدهای تولیدی شهرک صنعتی",
    "پرداخت تسهیلات مشاغل خانگی به هفتصد خانوار یزدی",
    "همایش پیاده\u200cروی خانوادگی کارگران در پارک کوهستان",
)
FRAME = """<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>{title}</title></head><body>
<div id="top"><a href="/">خانه</a> <a href="/contact">تماس با ما</a></div>{main}
<div id="bottom">همه حقوق برای این اداره محفوظ است. تلفن: ۰۳۵۳۱۲۳۴۵۶۷</div></body></html>"""
SITE = "اداره کل بهزیستی استان یزد"


DAYS = ("۱۴۰۴/۰۸/۱۰", "۱۴۰۴/۰۸/۲۰", "۱۴۰۴/۰۸/۲۵", "۱۴۰۴/۰۸/۲۸", "۱۴۰۴/۰۸/۳۰", "۱۴۰۴/۰۹/۰۱")
SENTENCE = "این گزارش شماره {} از کار این اداره در شهرستان\u200cهای استان است و به آگاهی همگان می\u200cرسد."


def front() -> str:
    rows = "".join(
        f'<div class="khabar-row"><a class="khabar-link" href="/show.php?code={number}">{title}</a>'
        f'<span class="khabar-day">{DAYS[number - 1]}</span></div>'
        for number, title in reversed(list(enumerate(TITLES, 1)))
    )
    return FRAME.format(title=SITE, main=f'<div id="khabarha">{rows}</div>')


def release(number: int) -> str:
    said = SENTENCE.format(number)
    paragraphs = "".join(f"<p>{said} بند {part} آن چنین است که همه کارها به انجام رسید.</p>" for part in range(1, 5))
    main = (
        f'<div class="khabar-safhe"><span id="ctl{number}_lblRotitr" class="balatitr">در نشست خبری اعلام شد</span>'
        f'<h2 class="onvan">{TITLES[number - 1]}</h2>'
        f'<div class="zaman">تاریخ انتشار: {DAYS[number - 1]} ۱۰:۳۰</div><div class="matn-asli">{paragraphs}</div>'
        f'<ul class="mortabet"><li><a href="/show.php?code={number % 6 + 1}">{TITLES[number % 6]}</a></li></ul></div>'
    )
    return FRAME.format(title=f"{TITLES[number - 1]} - {SITE}", main=main)


PAGES = {"/": front(), **{f"/show.php?code={number}": release(number) for number in range(1, 7)}}


class OddOffice:
    """Serves the pages on loopback while the context lasts; `asked` are the paths that were asked for, in order."""

    def __init__(self) -> None:
        self.pages = dict(PAGES)
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"office": self}))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    office: OddOffice

    def do_GET(self) -> None:
        self.office.asked.append(self.path)
        text = self.office.pages.get(self.path)
        self.send_response(404 if text is None else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Set-Cookie", "visitor=1")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write((text or "").encode())

    def log_message(self, *_: object) -> None:
        pass
