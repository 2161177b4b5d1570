"""Whom a referral is about, in codes: age, gender, race and ethnicity, language."""

from shared.vocabulary.vocabulary import UNRECOGNIZED, Vocabulary


class Gender(Vocabulary):
    """Gender as told (HTCDS)."""

    female = "female"
    male = "male"
    transgender_female = "transgender_female"
    transgender_male = "transgender_male"
    non_conforming = "non_conforming"
    unknown = "unknown"
    unrecognized = UNRECOGNIZED


class RaceEthnicity(Vocabulary):
    """Race and ethnicity, several may apply (US OMB, 2024)."""

    american_indian_or_alaska_native = "american_indian_or_alaska_native"
    asian = "asian"
    black = "black"
    hispanic_or_latino = "hispanic_or_latino"
    middle_eastern_or_north_african = "middle_eastern_or_north_african"
    native_hawaiian_or_pacific_islander = "native_hawaiian_or_pacific_islander"
    white = "white"
    unknown = "unknown"
    declined = "declined"
    unrecognized = UNRECOGNIZED


class AgeBand(Vocabulary):
    """Age in years, in bands wide enough to identify nobody."""

    under_12 = "under_12"
    from_12_to_14 = "from_12_to_14"
    from_15_to_17 = "from_15_to_17"
    from_18_to_20 = "from_18_to_20"
    from_21_to_24 = "from_21_to_24"
    from_25_to_34 = "from_25_to_34"
    from_35_to_54 = "from_35_to_54"
    from_55 = "from_55"
    unknown = "unknown"
    unrecognized = UNRECOGNIZED


class Minor(Vocabulary):
    """Whether the person is under 18. `unknown` is treated as possibly a minor."""

    yes = "yes"
    no = "no"
    unknown = "unknown"
    unrecognized = UNRECOGNIZED


class Language(Vocabulary):
    """Preferred language: BCP 47 tags heard in the region; `sgn` any sign language, `und` not known."""

    am = "am"
    ar = "ar"
    bn = "bn"
    bs = "bs"
    de = "de"
    el = "el"
    en = "en"
    es = "es"
    fa = "fa"
    fr = "fr"
    gu = "gu"
    hi = "hi"
    ht = "ht"
    hy = "hy"
    it = "it"
    ja = "ja"
    km = "km"
    ko = "ko"
    ku = "ku"
    lo = "lo"
    my = "my"
    ne = "ne"
    nl = "nl"
    pa = "pa"
    pl = "pl"
    ps = "ps"
    pt = "pt"
    ro = "ro"
    ru = "ru"
    so = "so"
    sq = "sq"
    sr = "sr"
    sw = "sw"
    ta = "ta"
    te = "te"
    th = "th"
    ti = "ti"
    tl = "tl"
    tr = "tr"
    tw = "tw"
    uk = "uk"
    ur = "ur"
    uz = "uz"
    vi = "vi"
    yue = "yue"
    zh = "zh"
    sgn = "sgn"
    other = "other"
    und = "und"
    unrecognized = UNRECOGNIZED
