"""Domains where anybody gets an address. They never make an organization and never make a stranger one of ours."""

from __future__ import annotations

DOMAINS = frozenset(
    {
        "126.com", "139.com", "163.com", "188.com", "189.cn", "21cn.com", "aim.com", "alice.it", "aliyun.com",
        "aol.co.uk", "aol.com", "aol.de", "aol.fr", "arcor.de", "att.net", "bbox.fr", "bell.net", "bellsouth.net",
        "biglobe.ne.jp", "bigpond.com", "bigpond.net.au", "bk.ru", "bluewin.ch", "bol.com.br", "btinternet.com",
        "btopenworld.com", "cegetel.net", "centrum.cz", "charter.net", "comcast.net", "cox.net", "daum.net",
        "docomo.ne.jp", "duck.com", "earthlink.net", "eircom.net", "email.com", "email.cz", "email.de",
        "excite.co.jp", "ezweb.ne.jp", "fastmail.com", "fastmail.fm", "foxmail.com", "free.fr", "freemail.hu",
        "freenet.de", "frontier.com", "globo.com", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.fr",
        "gmx.net", "googlemail.com", "hanmail.net", "hey.com", "home.nl", "hushmail.com", "i.softbank.jp", "i.ua",
        "icloud.com", "ig.com.br", "inbox.lv", "inbox.ru", "infoseek.jp", "interia.pl", "juno.com", "kakao.com",
        "kpnmail.nl", "laposte.net", "lavabit.com", "libero.it", "list.ru", "live.com", "luukku.com", "mac.com",
        "mail.bg", "mail.com", "mail.de", "mail.ee", "mail.ru", "mailbox.org", "mailfence.com", "me.com", "msn.com",
        "nate.com", "naver.com", "netcologne.de", "netscape.net", "neuf.fr", "nifty.com", "ntlworld.com", "o2.pl",
        "o2online.de", "ocn.ne.jp", "onet.pl", "online.de", "op.pl", "optonline.net", "optusnet.com.au",
        "orange.fr", "outlook.com", "pacbell.net", "planet.nl", "pm.me", "poczta.onet.pl", "posteo.de",
        "posteo.net", "prodigy.net.mx", "proton.me", "protonmail.ch", "protonmail.com", "qq.com", "rambler.ru",
        "rediffmail.com", "rocketmail.com", "rogers.com", "runbox.com", "sapo.pt", "sbcglobal.net", "seznam.cz",
        "sfr.fr", "shaw.ca", "sina.cn", "sina.com", "sky.com", "skynet.be", "so-net.ne.jp", "softbank.ne.jp",
        "sohu.com", "spray.se", "startmail.com", "sympatico.ca", "t-online.de", "t-online.hu", "talktalk.net",
        "telefonica.net", "telenet.be", "telia.com", "telus.net", "terra.com.br", "terra.es", "tin.it",
        "tiscali.it", "tuta.com", "tuta.io", "tutamail.com", "tutanota.com", "tutanota.de", "ukr.net", "uol.com.br",
        "verizon.net", "videotron.ca", "virgilio.it", "virgin.net", "virginmedia.com", "vodafone.de", "volny.cz",
        "wanadoo.fr", "web.de", "windstream.net", "wp.pl", "xs4all.nl", "xtra.co.nz", "ya.ru", "yahoo.com",
        "yandex.com", "yandex.ru", "yeah.net", "ymail.com", "yopmail.com", "ziggo.nl", "zoho.com", "zohomail.com",
    }
)  # fmt: skip

BRANDS = frozenset({"aol", "gmx", "hotmail", "live", "outlook", "windowslive", "yahoo", "yandex"})
"""Houses that offer free mail under many country endings: yahoo.co.uk, hotmail.fr."""
