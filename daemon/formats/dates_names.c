// Tables. Names are kept in lower case and without accents, as words are folded before
// they are looked up; a word of three letters and more that begins one name of a month
// stands for it ("Sept", "févr.", "Ιουλ"), if no name of another month begins so.
#include "formats/dates_names.h"

// clang-format off
static const struct {
    uint8_t month;
    const char *names; // parted by spaces
} months[] = {
    {1,
     "jan january januar janvier enero janeiro gennaio januari tammikuu sausis sijecanj "
     "stycznia styczen leden ledna ianuarie ιανουαριος ιανουαριου января январь "
     "jaenner janner ocak"                                                           },
    {2,
     "feb february februar fevrier febrero fevereiro febbraio februari helmikuu lutego "
     "luty unor unora februarie φεβρουαριος φεβρουαριου февраля февраль feber subat"},
    {3,
     "mar march marz maerz mars marzo marco maart mrt maaliskuu marca marzec brezen "
     "brezna martie marcius μαρτιος μαρτιου марта март"                             },
    {4,
     "apr april avril abril aprile huhtikuu kwietnia kwiecien duben dubna aprilie aprilis "
     "απριλιος απριλιου апреля апрель nisan"                                        },
    {5,
     "may mai mayo maio maggio mei maj toukokuu maja kveten kvetna majus μαιος μαιου "
     "μαω мая май mayis"                                                            },
    {6,
     "jun june juni juin junio junho giugno kesakuu czerwca czerwiec cerven cervna iunie "
     "junius ιουνιος ιουνιου ιον июня июнь haziran"                                 },
    {7,
     "jul july juli juillet julio julho luglio heinakuu lipca lipiec cervenec cervence "
     "iulie julius ιουλιος ιουλιου ιολ июля июль temmuz"                            },
    {8,
     "aug august aout agosto augustus augusti elokuu sierpnia sierpien srpen srpna "
     "augusztus αυγουστος αυγουστου августа август agustos"                         },
    {9,
     "sep september septembre septiembre setembro settembre syyskuu wrzesnia wrzesien "
     "zari septembrie szeptember σεπτεμβριος σεπτεμβριου сентября сентябрь eylul"   },
    {10,
     "oct october oktober octobre octubre outubro ottobre lokakuu pazdziernika "
     "pazdziernik rijen rijna octombrie οκτωβριος οκτωβριου октября октябрь ekim"   },
    {11,
     "nov november novembre noviembre novembro marraskuu listopada listopad noiembrie "
     "νοεμβριος νοεμβριου ноября ноябрь kasim"                                      },
    {12,
     "dec december dezember decembre diciembre dezembro dicembre joulukuu grudnia "
     "grudzien prosinec prosince decembrie δεκεμβριος δεκεμβριου декабря декабрь "
     "aralik"                                                                       },
};
// clang-format on

// Whole words; of two letters only where feeds have them so.
static const char days[] =
    " monday tuesday wednesday thursday friday saturday sunday"
    " mon tue tues wed weds thu thur thurs fri sat sun"
    " montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag"
    " mo di mi do fr sa so die mit don fre sam son"
    " lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven dim"
    " lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom"
    " segunda terca quarta quinta sexta seg ter qua qui sex"
    " lunedi martedi mercoledi giovedi venerdi domenica gio"
    " maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo"
    " mandag tirsdag onsdag torsdag fredag lordag sondag man tir ons tor lor"
    " mandag tisdag torsdag lordag tis"
    " hetfo kedd szerda csutortok pentek szombat vasarnap"
    " δευτερα τριτη τεταρτη πεμπτη παρασκευη σαββατο κυριακη"
    " δευ τρι τετ πεμ παρ σαβ κυρ"
    " понедельник вторник среда четверг пятница суббота воскресенье"
    " пн вт ср чт пт сб вс ";

// Fillers stand between the parts of a date and change nothing.
static const char fillers[] =
    " of the at on de del den der um uhr kl klo a le les st nd rd th er eme t ora "
    "г года в v ";

static const struct {
    const char *name;
    int minutes; // east of UTC
} zones[] = {
    {"z",    0   },
    {"ut",   0   },
    {"utc",  0   },
    {"gmt",  0   },
    {"wet",  0   },
    {"west", 60  },
    {"bst",  60  },
    {"cet",  60  },
    {"cest", 120 },
    {"met",  60  },
    {"mest", 120 },
    {"mez",  60  },
    {"mesz", 120 },
    {"eet",  120 },
    {"eest", 180 },
    {"sast", 120 },
    {"msk",  180 },
    {"msd",  240 },
    {"hkt",  480 },
    {"sgt",  480 },
    {"awst", 480 },
    {"jst",  540 },
    {"kst",  540 },
    {"acst", 570 },
    {"acdt", 630 },
    {"aest", 600 },
    {"aedt", 660 },
    {"nzst", 720 },
    {"nzdt", 780 },
 // RFC 822 5.1, and the half-hours of Newfoundland
    {"nst",  -210},
    {"ndt",  -150},
    {"ast",  -240},
    {"adt",  -180},
    {"est",  -300},
    {"edt",  -240},
    {"cst",  -360},
    {"cdt",  -300},
    {"mst",  -420},
    {"mdt",  -360},
    {"pst",  -480},
    {"pdt",  -420},
    {"akst", -540},
    {"akdt", -480},
    {"hst",  -600},
 // said without a season: the standard time
    {"at",   -240},
    {"et",   -300},
    {"ct",   -360},
    {"mt",   -420},
    {"pt",   -480},
};

// East Asian words are not parted by spaces: the longest that begins the text counts.
static const struct {
    const char *text;
    enum date_word word;
    bool korean;
} units[] = {
    {"星期日", DATE_WORD_DAY,         false},
    {"星期天", DATE_WORD_DAY,         false},
    {"周日",    DATE_WORD_DAY,         false},
    {"週日",    DATE_WORD_DAY,         false},
    {"日曜日", DATE_WORD_DAY,         false},
    {"月曜日", DATE_WORD_DAY,         false},
    {"火曜日", DATE_WORD_DAY,         false},
    {"水曜日", DATE_WORD_DAY,         false},
    {"木曜日", DATE_WORD_DAY,         false},
    {"金曜日", DATE_WORD_DAY,         false},
    {"土曜日", DATE_WORD_DAY,         false},
    {"年",       DATE_WORD_YEAR_UNIT,   false},
    {"月",       DATE_WORD_MONTH_UNIT,  false},
    {"日",       DATE_WORD_DAY_UNIT,    false},
    {"号",       DATE_WORD_DAY_UNIT,    false},
    {"號",       DATE_WORD_DAY_UNIT,    false},
    {"时",       DATE_WORD_HOUR_UNIT,   false},
    {"時",       DATE_WORD_HOUR_UNIT,   false},
    {"点",       DATE_WORD_HOUR_UNIT,   false},
    {"點",       DATE_WORD_HOUR_UNIT,   false},
    {"分",       DATE_WORD_MINUTE_UNIT, false},
    {"秒",       DATE_WORD_SECOND_UNIT, false},
    {"上午",    DATE_WORD_AM,          false},
    {"早上",    DATE_WORD_AM,          false},
    {"凌晨",    DATE_WORD_AM,          false},
    {"午前",    DATE_WORD_AM,          false},
    {"下午",    DATE_WORD_PM,          false},
    {"晚上",    DATE_WORD_PM,          false},
    {"中午",    DATE_WORD_PM,          false},
    {"午後",    DATE_WORD_PM,          false},
    {"星期",    DATE_WORD_DAY,         false},
    {"周",       DATE_WORD_DAY,         false},
    {"週",       DATE_WORD_DAY,         false},
    {"년",       DATE_WORD_YEAR_UNIT,   true },
    {"월요일", DATE_WORD_DAY,         true },
    {"일요일", DATE_WORD_DAY,         true },
    {"화요일", DATE_WORD_DAY,         true },
    {"수요일", DATE_WORD_DAY,         true },
    {"목요일", DATE_WORD_DAY,         true },
    {"금요일", DATE_WORD_DAY,         true },
    {"토요일", DATE_WORD_DAY,         true },
    {"월",       DATE_WORD_MONTH_UNIT,  true },
    {"일",       DATE_WORD_DAY_UNIT,    true },
    {"시",       DATE_WORD_HOUR_UNIT,   true },
    {"분",       DATE_WORD_MINUTE_UNIT, true },
    {"초",       DATE_WORD_SECOND_UNIT, true },
    {"오전",    DATE_WORD_AM,          true },
    {"오후",    DATE_WORD_PM,          true },
    {"一",       DATE_WORD_FILLER,      false}, // the days of the week are counted
    {"二",       DATE_WORD_FILLER,      false},
    {"三",       DATE_WORD_FILLER,      false},
    {"四",       DATE_WORD_FILLER,      false},
    {"五",       DATE_WORD_FILLER,      false},
    {"六",       DATE_WORD_FILLER,      false},
};

// One letter, lower case and bare; 0: no letter. Latin, Greek and Cyrillic only.
static uint32_t
fold(uint32_t c)
{
    static const char latin1[] = "aaaaaaaceeeeiiiidnooooo\0ouuuuypy";
    static const char extended[] = // U+0100 to U+017F
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln"
        "nnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    if (c >= 'A' && c <= 'Z')
        return c | 0x20;
    if (c >= 'a' && c <= 'z')
        return c;
    if (c >= 0xc0 && c <= 0xff)
        return (uint8_t)latin1[(c - 0xc0) & 31];
    if (c >= 0x100 && c <= 0x17f)
        return (uint8_t)extended[c - 0x100];
    static const struct {
        uint16_t from, to;
    } greek[] = {
        {0x386, 0x3b1},
        {0x388, 0x3b5},
        {0x389, 0x3b7},
        {0x38a, 0x3b9},
        {0x38c, 0x3bf},
        {0x38e, 0x3c5},
        {0x38f, 0x3c9},
        {0x390, 0x3b9},
        {0x3aa, 0x3b9},
        {0x3ab, 0x3c5},
        {0x3ac, 0x3b1},
        {0x3ad, 0x3b5},
        {0x3ae, 0x3b7},
        {0x3af, 0x3b9},
        {0x3c2, 0x3c3},
        {0x3ca, 0x3b9},
        {0x3cb, 0x3c5},
        {0x3cc, 0x3bf},
        {0x3cd, 0x3c5},
        {0x3ce, 0x3c9},
        {0x401, 0x435},
        {0x451, 0x435},
    };
    for (size_t i = 0; i < sizeof greek / sizeof *greek; i++)
        if (greek[i].from == c)
            return greek[i].to;
    if ((c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
        return c + 0x20;
    return (c >= 0x3b1 && c <= 0x3c9) || (c >= 0x430 && c <= 0x44f) ? c : 0;
}

// The code point at the start of well-formed text, of one or two bytes; longer ones are 0.
static uint32_t
code_at(struct slice text, size_t *size)
{
    *size = 1;
    if (text.data[0] < 0x80)
        return text.data[0];
    if (text.size < 2 || (text.data[0] & 0xe0) != 0xc0)
        return 0;
    *size = 2;
    return (uint32_t)(text.data[0] & 0x1f) << 6 | (text.data[1] & 0x3fU);
}

// A slash or low line inside a word belongs to it: "Etc/GMT", "America/New_York".
static bool
joins(struct slice text, const struct date_name *name)
{
    size_t size;
    return name->letters && text.size > 1 &&
           (text.data[0] == '/' || text.data[0] == '_') &&
           fold(code_at(slice_from(text, 1), &size));
}

static void
take_word(struct slice text, struct date_name *name)
{
    size_t at = 0, size = 0;
    while (text.size) {
        uint32_t letter = fold(code_at(text, &size));
        if (!letter && joins(text, name))
            letter = text.data[0];
        if (!letter || at + 5 > DATE_WORD_MAX)
            break;
        if (letter < 0x80) {
            name->folded[at++] = (char)letter;
        } else {
            name->folded[at++] = (char)(0xc0 | letter >> 6);
            name->folded[at++] = (char)(0x80 | (letter & 0x3f));
        }
        name->letters++;
        name->size += size;
        text = slice_from(text, size);
    }
}

// Does a list of words parted by spaces hold this one, whole or (start) as the start of
// one?
static bool
listed(const char *list, const char *word, bool start)
{
    for (const char *at = list; *at; at++) {
        size_t same = 0;
        if (*at != word[0] || (at > list && at[-1] != ' '))
            continue;
        while (word[same] && at[same] == word[same])
            same++;
        if (!word[same] && (start || at[same] == ' ' || !at[same]))
            return true;
    }
    return false;
}

static int
month_of(const struct date_name *name)
{
    int begun = 0, count = 0;
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        if (listed(months[i].names, name->folded, false))
            return months[i].month;
        if (name->letters >= 3 && listed(months[i].names, name->folded, true)) {
            begun = months[i].month;
            count++;
        }
    }
    return count == 1 ? begun : 0;
}

bool
date_zone_named(const char *folded, int *seconds_out)
{
    if (strncmp(folded, "etc/", 4) == 0)
        folded += 4;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (strcmp(zones[i].name, folded) == 0) {
            *seconds_out = zones[i].minutes * 60;
            return true;
        }
    // RFC 822 5.1: A to M without J count west, N to Y east.
    char letter = folded[0];
    if (letter < 'a' || letter > 'y' || letter == 'j' || folded[1])
        return false;
    int hours = letter < 'n' ? -(letter - 'a' + 1 - (letter > 'j')) : letter - 'n' + 1;
    *seconds_out = hours * 3600;
    return true;
}

static void
classify(struct date_name *name)
{
    int month = month_of(name);
    name->also_day = listed(days, name->folded, false);
    if (month) {
        name->word = DATE_WORD_MONTH;
        name->value = month;
    } else if (strcmp(name->folded, "am") == 0 || strcmp(name->folded, "πμ") == 0) {
        name->word = DATE_WORD_AM;
    } else if (strcmp(name->folded, "pm") == 0 || strcmp(name->folded, "μμ") == 0) {
        name->word = DATE_WORD_PM;
    } else if (name->also_day) {
        name->word = DATE_WORD_DAY;
    } else if (listed(fillers, name->folded, false)) {
        name->word = DATE_WORD_FILLER;
    } else if (date_zone_named(name->folded, &name->value)) {
        name->word = DATE_WORD_ZONE;
    }
}

struct date_name
date_name_at(struct slice text)
{
    struct date_name name = {.word = DATE_WORD_NONE};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (text.size && text.data[0] >= 0xe0 &&
            slice_starts(text, slice_str(units[i].text))) {
            name.word = units[i].word;
            name.korean = units[i].korean;
            name.size = strlen(units[i].text);
            return name;
        }
    take_word(text, &name);
    if (name.size)
        classify(&name);
    return name;
}
