"""The language of the releases: Persian dates and Persian text. Pure functions; no network, no files of ours, no clock.

`persian.dates`      `parse`, `parse_period`, `Period`
`persian.published`  `Published`, `written`: what `parse` gives (`persian.dates` too)
`persian.calendars`  `TEHRAN`, `from_jalali`, `to_jalali`, `MONTHS`, `WEEKDAYS`, `DateError` (`persian.dates` too)
`persian.text`       `display`, `search_key`, `persian_digits`, `without_forbidden`
`persian.spelling`   `runs`, `phrases`, `tokens`, `spellings`: what a text is found by, whatever its spelling
`persian.pieces`     `pieces`, `Piece`: a text cut into words, numbers and marks, for comparison
`persian.mentions`   `mentions`, `Mention`: the numbers, dates and names in it
`persian.decoding`   `decode`, `Decoded`: bytes to text, whatever charset a page claims
`persian.holidays`   `day_kind`, `holiday`, `is_weekend`, `is_estimate` (the first day asked for loads `holidays`)
`persian.markup`     `paragraphs`, `captions`, `safe_html` (the only module here that loads lxml and nh3)
"""
