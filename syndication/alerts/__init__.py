"""TELLING OPERATORS: what is wrong, in time and in words, and once a week what there was.

`Herald` looks at the archive every half minute, has `archive.alarms` say what is to be told, writes it in the
operator's language (`messages`, `digest`) and sends it where the settings say (`destinations`). Nothing here loads the
web stack, nor apprise before there is something to send.
"""
